namespace Gain.Workers;

/// <summary>How a worker receives and sends datagrams.</summary>
/// <param name="BacklogBytes">The bytes that may wait for room at each socket.</param>
/// <param name="Coalesces">Whether the kernel may hand over several at once (UDP_GRO).</param>
/// <param name="Segments">Whether it is given several at once (UDP_SEGMENT).</param>
internal readonly record struct DatagramSettings(int BacklogBytes, bool Coalesces, bool Segments)
{
    /// <summary>The most sockets that it may have dialled.</summary>
    public int MostDialled { get; init; }
}
