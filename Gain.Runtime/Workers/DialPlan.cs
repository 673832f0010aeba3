namespace Gain.Workers;

/// <summary>A prototype that connections are dialled with.</summary>
/// <param name="Prototype">Its number among those of the plan.</param>
/// <param name="Options">How; valid.</param>
internal sealed record DialPlan(byte Prototype, DialOptions Options);
