namespace Gain.Tests.Simulation.Outgoing;

/// <summary>What came of a run.</summary>
/// <param name="TraceHash">The hash of everything that happened.</param>
/// <param name="Undertakings">Dials and rents.</param>
/// <param name="Connected">Connections that came up, or were handed on.</param>
/// <param name="Failed">Connects that failed.</param>
/// <param name="Hits">Rents that got a connection that was kept.</param>
/// <param name="ClosedByPeer">Kept ones whose peer did something.</param>
/// <param name="ClosedByTime">Kept ones that nobody needed for too long.</param>
/// <param name="ClosedByLimit">Kept ones that a newer one has replaced.</param>
/// <param name="ClosedForRoom">Kept ones that gave their place to another connection.</param>
internal sealed record OutgoingResult(
    ulong TraceHash,
    int Undertakings,
    long Connected,
    long Failed,
    long Hits,
    long ClosedByPeer,
    long ClosedByTime,
    long ClosedByLimit,
    long ClosedForRoom);
