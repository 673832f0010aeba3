using Gain.Layers;
using Gain.Rings;
using Gain.Slots;
using Gain.Writing;

namespace Gain.Workers;

/// <summary>What one worker is made from.</summary>
/// <param name="Index">Its index in the server.</param>
/// <param name="Cpu">The CPU to run on; null for any.</param>
/// <param name="MaxConnections">Its slots.</param>
/// <param name="MailboxCapacity">The requests from other threads that may wait.</param>
/// <param name="Deadlines">How long things may take.</param>
/// <param name="Accepts">How it treats clients that a limit keeps out.</param>
/// <param name="SlowTurnMs">How long a turn may take without a warning; 0 for any time.</param>
/// <param name="Limits">The limits of each connection.</param>
/// <param name="Ring">What it asks of its ring.</param>
internal sealed record WorkerSettings(
    int Index,
    int? Cpu,
    int MaxConnections,
    int MailboxCapacity,
    DeadlineSettings Deadlines,
    AcceptSettings Accepts,
    long SlowTurnMs,
    ConnectionLimits Limits,
    RingSettings Ring)
{
    /// <summary>
    /// How many connections more than the least loaded worker it may have before it hands over; 0 for any.
    /// </summary>
    public int HandOverExcess { get; init; }

    /// <summary>The bytes that other threads may have waiting for the worker.</summary>
    public int MaxPostedBytes { get; init; }

    /// <summary>The answers that may be due at once.</summary>
    public int MaxHolds { get; init; } = 16;

    /// <summary>How long an answer may be due; 0 for any time.</summary>
    public long HoldMs { get; init; }

    /// <summary>The options of its connections' sockets.</summary>
    public SocketSettings Sockets { get; init; } = new();

    /// <summary>The nice value of its thread; null to leave it.</summary>
    public int? NiceValue { get; init; }

    /// <summary>The number of the server's workers.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>What it may dial with.</summary>
    public DialSettings Dials { get; init; } = DialSettings.None;

    /// <summary>When the kernel moves the bytes of pairs.</summary>
    public SpliceSettings Splices { get; init; } = new(MaxPipes: 0);

    /// <summary>How datagrams are received and sent.</summary>
    public DatagramSettings Datagrams { get; init; }

    /// <summary>What lies between its sockets and its protocol, by the server's addresses and then by its
    /// dials; none where it ends.</summary>
    public IReadOnlyList<ConnectionLayer?> Layers { get; init; } = [];

    /// <summary>Which of its listeners are behind load balancers, by the server's addresses; none where it
    /// ends.</summary>
    public IReadOnlyList<ProxyRule?> Proxies { get; init; } = [];

    /// <summary>How to make the worker's own instances, by their types.</summary>
    public IReadOnlyDictionary<Type, Delegate> PerWorker { get; init; } = new Dictionary<Type, Delegate>();
}
