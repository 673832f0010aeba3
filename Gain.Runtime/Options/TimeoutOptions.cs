namespace Gain;

/// <summary>
/// How long a server waits for what: <see cref="GainOptions.Timeouts"/>. <see
/// cref="Timeout.InfiniteTimeSpan"/> stands for no limit where there may be none; a configuration writes it
/// as <c>-00:00:00.001</c>.
/// </summary>
public sealed class TimeoutOptions
{
    /// <summary>
    /// How long a new connection may take to send its first byte. It is closed then with
    /// <see cref="CloseReason.FirstByteTimeout"/>. Up to 24 days. Default: infinite, as some protocols let
    /// the server speak first. Without it, clients that connect and say nothing keep their slots.
    /// </summary>
    public TimeSpan FirstByte { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>
    /// How long a connection may send nothing. It is closed then with <see cref="CloseReason.IdleTimeout"/>.
    /// Time in which it takes what was written to it does not count. Up to 24 days. Default: infinite.
    /// Without it, clients that vanished without a word keep their slots until something is sent to them.
    /// </summary>
    public TimeSpan Idle { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>
    /// How long a send may go on without a byte of progress. The connection is reset then with
    /// <see cref="CloseReason.SendTimeout"/>, after one to two such times. Up to 24 days, or infinite.
    /// Default: 60 s. Without it, a client that stops reading keeps its slot and
    /// <see cref="LimitOptions.MaxOutboundBytes"/> of memory.
    /// </summary>
    public TimeSpan Send { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long a connection is held for an answer (<see cref="Connection.Hold"/>) that nobody sends or
    /// releases. Then it is released, counted in <see cref="GainStatistics.ExpiredHolds"/> and logged. Up to
    /// 24 days, or infinite. Default: 60 s. Without it, a forgotten answer keeps its connection until the
    /// peer resets it, or the server's stop does at its deadline.
    /// </summary>
    public TimeSpan Hold { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How old a connection may become. It is closed then with <see cref="CloseReason.LifetimeReached"/>;
    /// what was written goes out first. Up to 24 days. Default: infinite. It lets a balancer in front spread
    /// clients over new servers.
    /// </summary>
    public TimeSpan Lifetime { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>
    /// How long a connection that Gain closed reads on, and drops what comes, until the peer closes too.
    /// Closing with unread bytes would reset it, and the reset could overtake the last answer. 0 to 1 hour.
    /// Default: 2 s. At 0, or when the time is over, the socket is closed as it is.
    /// </summary>
    public TimeSpan Linger { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a stop lets connections finish when it is not given a time: 0 to 1 day. Default: 10 s. What
    /// is left then is reset.
    /// </summary>
    public TimeSpan Drain { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// For how long a start tries again to get an address that is in use, but by no process that can be seen:
    /// 0 to 1 minute. Default: 2 s. After a server on io_uring was killed, the kernel frees its sockets a
    /// little later, and a restart would fail. An address that a process of the same user has is an error at
    /// once. That of another user's process cannot be seen, and its error comes after this time. At 0 the
    /// error always comes at once, also after a crash.
    /// </summary>
    public TimeSpan BindRetry { get; set; } = TimeSpan.FromSeconds(2);

    internal TimeoutOptions Clone() => (TimeoutOptions)MemberwiseClone();
}
