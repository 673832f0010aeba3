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

    /// <summary>
    /// The pipes of each worker, by which the kernel moves what coupled connections receive (<see
    /// cref="CouplingMode.Splice"/>): 0 to 4,096. Default: 64. Each takes two descriptors and up to 256 KiB
    /// of the kernel's memory, of which a user without privileges has 64 MiB for all pipes
    /// (fs.pipe-user-pages-soft). They are made when they are needed, and a direction keeps one only while
    /// its reader is slow. Where none is left, or the system has none, bytes are copied. 0: they always are.
    /// </summary>
    public int MaxSplicePipes { get; set; } = 64;

    internal BufferOptions Clone() => (BufferOptions)MemberwiseClone();
}
