namespace Gain;

/// <summary>
/// The limits on what a server holds at once: <see cref="GainOptions.Limits"/>. What happens at each limit is
/// defined, and no limit grows by itself.
/// </summary>
public sealed class LimitOptions
{
    /// <summary>
    /// The most connections that the server holds at once: 1 to 16,777,216. Default: 65,536. <see
    /// cref="AcceptOptions.AtConnectionLimit"/> says what happens to further ones. Each connection reserves,
    /// but does not use, 128 bytes and the size of the handler in every worker. It also needs a descriptor
    /// (<c>ulimit -n</c>).
    /// </summary>
    public int MaxConnections { get; set; } = 65_536;

    /// <summary>
    /// The most connections that one worker holds at once: 1 to <see cref="MaxConnections"/>. Default: null,
    /// for as many as the server. It keeps one worker from getting all of them.
    /// </summary>
    public int? MaxConnectionsPerWorker { get; set; }

    /// <summary>
    /// The most connections that one remote address has at once: 1 to 16,777,216. Default: null, for no
    /// limit. IPv6 addresses with the same first 64 bits count as one. Further connections are refused.
    /// Clients of Unix sockets have no address and are not counted. Without a limit, one client can take all
    /// of <see cref="MaxConnections"/>. With one, the clients behind one NAT share it.
    /// </summary>
    public int? MaxConnectionsPerAddress { get; set; }

    /// <summary>
    /// The outbound bytes at which a connection stops reading: 1 to 1,073,741,823. Default: 1,048,576. So a
    /// client that does not read is held back instead of filling memory. <see cref="SlowReaders"/> can choose
    /// another reaction.
    /// </summary>
    public int OutboundHighWatermarkBytes { get; set; } = 1 << 20;

    /// <summary>
    /// The outbound bytes at which the connection reads on and <c>OnDrained</c> is called: from 0, and less
    /// than the high watermark. Default: 262,144.
    /// </summary>
    public int OutboundLowWatermarkBytes { get; set; } = 256 << 10;

    /// <summary>
    /// The outbound bytes that a connection never exceeds, also by writes that answer nothing: the high
    /// watermark to 1,073,741,823. Default: 16,777,216. <c>TrySend</c> refuses a write that would exceed it;
    /// <c>Send</c> closes the connection with <see cref="CloseReason.OutboundLimit"/>. A higher value lets
    /// one client that does not read take that much memory.
    /// </summary>
    public int MaxOutboundBytes { get; set; } = 16 << 20;

    /// <summary>
    /// What happens to a connection at <see cref="OutboundHighWatermarkBytes"/>. Default: it stops reading.
    /// </summary>
    public SlowReaderPolicy SlowReaders { get; set; } = SlowReaderPolicy.PauseReading;

    /// <summary>
    /// The most received bytes that <c>OnRead</c> can leave unconsumed: 1 to 536,870,911. Default: 65,536.
    /// With more, the connection is closed with <see cref="CloseReason.InboundLimit"/>. A higher value lets a
    /// client that sends half a message take that much memory.
    /// </summary>
    public int MaxUnconsumedBytes { get; set; } = 64 << 10;

    /// <summary>
    /// The memory in bytes that the server holds for output that is not sent and for messages that have not
    /// fully arrived: 4 MiB for each worker to 1 TiB. Default: null, for a quarter of the memory that the
    /// process can use. From three quarters of the limit on, connections stop reading at the low watermark
    /// already. At the limit <c>TrySend</c> returns false, and a connection that needs more is closed with
    /// <see cref="CloseReason.OutboundLimit"/> or <see cref="CloseReason.InboundLimit"/>. Without the limit,
    /// many slow clients together could fill the machine's memory, though each keeps to its own limit.
    /// </summary>
    public long? MaxBufferedBytes { get; set; }

    /// <summary>
    /// The most answers that are due at once on a worker (<see cref="Connection.Hold"/>): 1 to 1,048,576.
    /// Default: 65,536. Each takes 40 bytes, reserved at the start. A client that sends requests faster than
    /// they are answered takes places that others need: refuse its requests with <see
    /// cref="Connection.TryHold"/>, or pause its reading.
    /// </summary>
    public int MaxHoldsPerWorker { get; set; } = 65_536;

    /// <summary>
    /// How much work of sessions (<c>SessionContext.Offload</c>) is done at once in the server: 1 to 1,024.
    /// Default: 16. Each takes a thread of the thread pool for as long as it lasts.
    /// </summary>
    public int MaxOffloads { get; set; } = 16;

    /// <summary>
    /// How much more of it waits in the server: 0 to 1,048,576. Default: 1,024. What exceeds it is refused,
    /// which the session is told at once. A higher value lets clients wait longer for work that comes faster
    /// than it is done.
    /// </summary>
    public int MaxOffloadsWaiting { get; set; } = 1_024;

    /// <summary>
    /// The most messages that wait for the session of one connection (<c>SessionContext.Message</c>): 1 to
    /// 1,048,576. Default: 256. At one more the connection is closed with <see
    /// cref="CloseReason.InboxLimit"/>. A higher value lets one connection whose session is slow, as its peer
    /// may make it, take that many times the size of a message.
    /// </summary>
    public int MaxMessagesWaiting { get; set; } = 256;

    /// <summary>
    /// The most requests from other threads that wait for each worker: a power of two, 2 to 1,048,576.
    /// Default: 4,096. When the mailbox is full, the call returns false.
    /// </summary>
    public int MailboxCapacity { get; set; } = 4_096;

    /// <summary>
    /// The most bytes of <see cref="ConnectionHandle.TrySend(ReadOnlySpan{byte})"/> that wait for each
    /// worker: 1 to 1,073,741,823. Default: 16,777,216. They count against <see cref="MaxBufferedBytes"/> as
    /// well, and wait only until the worker's next turn. At the limit the call returns false. A higher value
    /// lets threads that post faster than a worker sends take that much memory.
    /// </summary>
    public int MaxPostedBytesPerWorker { get; set; } = 16 << 20;

    internal LimitOptions Clone() => (LimitOptions)MemberwiseClone();
}
