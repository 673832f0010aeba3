namespace Gain;

/// <summary>
/// How much of everything a server holds at once: <see cref="GainOptions.Limits"/>. What happens at each
/// limit is defined, and none grows by itself.
/// </summary>
public sealed class LimitOptions
{
    /// <summary>
    /// Connections that the server holds at once: 1 to 16,777,216. Default: 65,536. What happens to one more
    /// is <see cref="AcceptOptions.AtConnectionLimit"/>. Each reserves, but does not use, 128 bytes and the
    /// size of the handler in every worker. It also needs a descriptor (<c>ulimit -n</c>).
    /// </summary>
    public int MaxConnections { get; set; } = 65_536;

    /// <summary>
    /// Connections that one worker holds at once: 1 to <see cref="MaxConnections"/>. Default: null, for as
    /// many as the server. It keeps one worker from being given them all.
    /// </summary>
    public int? MaxConnectionsPerWorker { get; set; }

    /// <summary>
    /// Connections that one remote address may have at once: 1 to 16,777,216. Default: null, for no limit.
    /// IPv6 addresses with the same first 64 bits count as one. One more is refused. Clients of Unix sockets
    /// have no address and are not counted. Without a limit, one client can take all of <see
    /// cref="MaxConnections"/>. With one, the clients behind one NAT share it.
    /// </summary>
    public int? MaxConnectionsPerAddress { get; set; }

    /// <summary>
    /// Outbound bytes of a connection at which it stops reading, so that a client that does not read is held
    /// back instead of filling memory, or at which <see cref="SlowReaders"/> does something else: 1 to
    /// 1,073,741,823. Default: 1,048,576.
    /// </summary>
    public int OutboundHighWatermarkBytes { get; set; } = 1 << 20;

    /// <summary>
    /// Outbound bytes at which the connection reads on and <c>OnDrained</c> is called: 0 to below the high
    /// watermark. Default: 262,144.
    /// </summary>
    public int OutboundLowWatermarkBytes { get; set; } = 256 << 10;

    /// <summary>
    /// Outbound bytes that a connection may never exceed, also by writes that answer nothing: the high
    /// watermark to 1,073,741,823. Default: 16,777,216. <c>TrySend</c> refuses what would exceed it;
    /// <c>Send</c> closes the connection with <see cref="CloseReason.OutboundLimit"/>. Raising it lets one
    /// client that does not read take that much memory.
    /// </summary>
    public int MaxOutboundBytes { get; set; } = 16 << 20;

    /// <summary>
    /// What happens to a connection at <see cref="OutboundHighWatermarkBytes"/>. Default: it stops reading.
    /// </summary>
    public SlowReaderPolicy SlowReaders { get; set; } = SlowReaderPolicy.PauseReading;

    /// <summary>
    /// Received bytes that <c>OnRead</c> may leave unconsumed before the connection is closed with
    /// <see cref="CloseReason.InboundLimit"/>: 1 to 536,870,911. Default: 65,536. Raising it lets a client
    /// that sends half a message take that much memory.
    /// </summary>
    public int MaxUnconsumedBytes { get; set; } = 64 << 10;

    /// <summary>
    /// Memory in bytes that the server holds for what its connections are to send, or have sent and not
    /// finished: 4 MiB for each worker to 1 TiB. Default: null, for a quarter of the memory that the process
    /// may use. From three quarters on, connections stop reading at the low watermark already. At the limit
    /// <c>TrySend</c> returns false, and a connection that needs more is closed with
    /// <see cref="CloseReason.OutboundLimit"/> or <see cref="CloseReason.InboundLimit"/>. Without it, many
    /// slow clients together could fill the machine's memory, though each keeps to its own limit.
    /// </summary>
    public long? MaxBufferedBytes { get; set; }

    /// <summary>
    /// The answers that may be due at once on a worker (<see cref="Connection.Hold"/>): 1 to 1,048,576.
    /// Default: 65,536. Each takes 40 bytes, reserved at the start. A client that sends requests faster than
    /// they are answered takes places that others need: refuse with <see cref="Connection.TryHold"/>, or
    /// pause its reading.
    /// </summary>
    public int MaxHoldsPerWorker { get; set; } = 65_536;

    /// <summary>
    /// Requests from other threads that may wait for each worker: a power of two, 2 to 1,048,576. Default:
    /// 4,096. When the mailbox is full, the caller is told.
    /// </summary>
    public int MailboxCapacity { get; set; } = 4_096;

    /// <summary>
    /// Bytes that <see cref="ConnectionHandle.TrySend(ReadOnlySpan{byte})"/> may have waiting for each
    /// worker: 1 to 1,073,741,823. Default: 16,777,216. They count against <see cref="MaxBufferedBytes"/>
    /// as well, and wait only until the worker's next turn. At the limit the caller is told. Raising it lets
    /// threads that post faster than a worker sends take that much memory.
    /// </summary>
    public int MaxPostedBytesPerWorker { get; set; } = 16 << 20;

    internal LimitOptions Clone() => (LimitOptions)MemberwiseClone();
}
