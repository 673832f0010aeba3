using Gain.Rings;

namespace Gain.Workers;

/// <summary>What an acceptor is made from.</summary>
/// <param name="WaitsAtLimit">
/// Whether clients wait, instead of being refused, when there are as many connections as may be.
/// </param>
/// <param name="MaxConnections">As many connections as the server may have.</param>
/// <param name="MaxConnectionsPerWorker">As many as each worker may have.</param>
/// <param name="MaxPending">The sockets that may wait between the accept and the hand-over.</param>
/// <param name="Sockets">What accepted sockets are given.</param>
/// <param name="Ring">What it asks of its ring.</param>
internal sealed record AcceptorSettings(
    bool WaitsAtLimit,
    int MaxConnections,
    int MaxConnectionsPerWorker,
    int MaxPending,
    SocketSettings Sockets,
    RingSettings Ring)
{
    /// <summary>It has accepts, their cancellations and wake-ups in flight, and little else.</summary>
    public const int MostRingEntries = 256;

    /// <summary>
    /// More than can come when the accepts are being cancelled: what the ring's queue holds, eight
    /// completions for each entry, or over epoll what a listener brings in a turn.
    /// </summary>
    public const int MostPending = 4_096;

    /// <summary>It receives nothing, but a ring has receive buffers.</summary>
    public const int FewestBuffers = 2;

    /// <summary>Their size.</summary>
    public const int FewestBufferBytes = 64;
}
