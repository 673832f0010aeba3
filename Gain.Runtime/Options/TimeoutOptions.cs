namespace Gain;

/// <summary>
/// A server's time limits: <see cref="GainOptions.Timeouts"/>. Where an option allows no limit, <see
/// cref="Timeout.InfiniteTimeSpan"/> stands for it; a configuration writes it as <c>-00:00:00.001</c>.
/// </summary>
public sealed class TimeoutOptions
{
    /// <summary>
    /// How long a new connection can take to send its first byte. After that it is closed with <see
    /// cref="CloseReason.FirstByteTimeout"/>. Up to 24 days. Default: infinite, because some protocols let
    /// the server speak first. Without it, clients that connect and say nothing keep their slots.
    /// </summary>
    public TimeSpan FirstByte { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>
    /// How long a connection can send nothing. After that it is closed with <see
    /// cref="CloseReason.IdleTimeout"/>. The time in which the peer takes what was written to it does not
    /// count. Up to 24 days. Default: infinite. Without it, clients that vanished keep their slots until
    /// something is sent to them.
    /// </summary>
    public TimeSpan Idle { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>
    /// How long a send can go on without a byte of progress. The connection is then reset with <see
    /// cref="CloseReason.SendTimeout"/>, after one to two times this value. Up to 24 days, or infinite.
    /// Default: 60 s. Without it, a client that stops reading keeps its slot and <see
    /// cref="LimitOptions.MaxOutboundBytes"/> of memory.
    /// </summary>
    public TimeSpan Send { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long a connection is held for an answer (<see cref="Connection.Hold"/>) that nobody sends or
    /// releases. After that the connection is released, counted in <see cref="GainStatistics.ExpiredHolds"/>
    /// and logged. Up to 24 days, or infinite. Default: 60 s. Without it, a forgotten answer keeps its
    /// connection until the peer resets it, or until the deadline of the server's stop.
    /// </summary>
    public TimeSpan Hold { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The longest life of a connection. After that it is closed with <see
    /// cref="CloseReason.LifetimeReached"/>; what was written goes out first. Up to 24 days. Default:
    /// infinite. It lets a load balancer in front spread clients over new servers.
    /// </summary>
    public TimeSpan Lifetime { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>
    /// How long the peer of a connection whose handler ended its side (<see
    /// cref="Connection.ShutdownWrite"/>) may send nothing without ending its own side. Then the connection
    /// closes, with
    /// <see cref="CloseReason.HalfCloseTimeout"/>. Up to 24 days, or infinite. Default: 60 s. Without a
    /// limit, a peer that never closes its side keeps its slot. A short limit cuts off peers that are slow
    /// to begin their answer.
    /// </summary>
    public TimeSpan HalfClose { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long a connection that Gain closed waits for the peer to close too. Meanwhile it reads, and drops
    /// what comes: a close with unread bytes would reset the connection, and the reset could overtake the
    /// last answer. 0 to 1 hour. Default: 2 s. At 0, or when the time is over, the socket is closed as it is.
    /// </summary>
    public TimeSpan Linger { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a stop lets connections finish when it is not given a time: 0 to 1 day. Default: 10 s.
    /// Connections that are left after that are reset.
    /// </summary>
    public TimeSpan Drain { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a start keeps trying to get an address that is in use while no process can be seen to have
    /// it: 0 to 1 minute. Default: 2 s. The kernel frees the sockets of a killed io_uring server a little
    /// later, so a restart would otherwise fail. When a process of the same user has the address, the error
    /// comes at once. A process of another user cannot be seen, so its error comes after this time. At 0 the
    /// error always comes at once, also after a crash.
    /// </summary>
    public TimeSpan BindRetry { get; set; } = TimeSpan.FromSeconds(2);

    internal TimeoutOptions Clone() => (TimeoutOptions)MemberwiseClone();
}
