using Gain.Layers;

namespace Gain.Workers;

/// <summary>A prototype that connections are dialled with.</summary>
/// <param name="Prototype">Its number among those of the plan.</param>
/// <param name="Options">How; valid.</param>
/// <param name="Names">What names stand for: one for all workers, made where something is dialled.</param>
/// <param name="Layer">What lies between its sockets and the protocol where that is asked for; null for
/// nothing.</param>
internal sealed record DialPlan(
    byte Prototype, DialOptions Options, NameSource Names, ConnectionLayer? Layer = null)
{
    /// <summary>The layers of addresses, and behind them those of dials.</summary>
    public static ConnectionLayer?[] LayersOf(ConnectionLayer?[] layers, DialPlan[] dials) =>
        [.. layers, .. Array.ConvertAll(dials, static dial => dial.Layer)];
}
