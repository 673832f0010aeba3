namespace Gain;

/// <summary>The sizes of each worker's ring and of its receive buffers: <see
/// cref="GainOptions.Buffers"/>.</summary>
public sealed class BufferOptions
{
    /// <summary>
    /// Submission entries of each worker's ring: a power of two, 8 to 32,768. Default: 1,024. There are eight
    /// times as many completion entries. The rings of unprivileged users count against <c>ulimit -l</c>. The
    /// option has no effect on epoll.
    /// </summary>
    public int RingEntries { get; set; } = 1_024;

    /// <summary>
    /// Receive buffers of each worker: a power of two, 2 to 32,768. Default: 1,024. When they run out,
    /// connections wait for one in turn; nothing is lost.
    /// </summary>
    public int ReceiveBufferCount { get; set; } = 1_024;

    /// <summary>
    /// The size of a receive buffer in bytes, and so the longest span that one <c>OnRead</c> gets: 64 to
    /// 1,048,576. Default: 16,384.
    /// </summary>
    public int ReceiveBufferBytes { get; set; } = 16_384;

    internal BufferOptions Clone() => (BufferOptions)MemberwiseClone();
}
