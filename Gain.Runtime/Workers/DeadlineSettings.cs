namespace Gain.Workers;

/// <summary>How long things may take, in milliseconds; 0 for no limit.</summary>
/// <param name="FirstByteMs">From the accept to the first byte.</param>
/// <param name="IdleMs">From one receive to the next.</param>
/// <param name="SendStallMs">A send without progress.</param>
/// <param name="LifetimeMs">A connection.</param>
/// <param name="LingerMs">From our FIN to the peer's; 0 for not waiting.</param>
/// <param name="HalfCloseMs">From our FIN, or from one receive to the next, while reading goes on.</param>
internal readonly record struct DeadlineSettings(
    long FirstByteMs, long IdleMs, long SendStallMs, long LifetimeMs, long LingerMs, long HalfCloseMs);
