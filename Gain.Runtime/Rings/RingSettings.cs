namespace Gain.Rings;

/// <summary>What a worker asks of its ring.</summary>
/// <param name="Entries">Submission entries.</param>
/// <param name="BufferCount">Receive buffers; a power of two.</param>
/// <param name="BufferBytes">The size of each receive buffer, in bytes.</param>
/// <param name="WakeToken">The user_data of wake-ups.</param>
internal readonly record struct RingSettings(int Entries, int BufferCount, int BufferBytes, ulong WakeToken)
{
    /// <summary>Buffers for datagrams: a power of two, or 0 for a ring that receives none.</summary>
    public int DatagramBufferCount { get; init; }

    /// <summary>The longest datagram that such a buffer takes whole, in bytes.</summary>
    public int DatagramBufferBytes { get; init; }

    /// <summary>
    /// The most completions of one operation that a batch of an io_uring hands out; 0: as many as the kernel
    /// gives, where it has a limit. For tests, which cannot wait for an old kernel.
    /// </summary>
    public int LongestRun { get; init; }
}
