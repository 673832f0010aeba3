namespace Gain.Tls;

/// <summary>Whose tickets resume a session: what was dialled, whatever name its certificate is for.</summary>
/// <param name="Host">A name or an IP address; null where nothing is resumed.</param>
/// <param name="Port">Its port.</param>
internal readonly record struct ResumptionTarget(string? Host, int Port);
