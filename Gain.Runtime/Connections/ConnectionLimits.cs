namespace Gain.Connections;

/// <summary>The limits that a worker holds each of its connections to, in bytes.</summary>
/// <param name="HighWatermark">Outbound bytes at which reading stops.</param>
/// <param name="LowWatermark">Outbound bytes at which it goes on.</param>
/// <param name="MaxOutbound">Outbound bytes that a write may not exceed.</param>
/// <param name="MaxUnconsumed">Received bytes that OnRead may leave unconsumed.</param>
internal readonly record struct ConnectionLimits(
    int HighWatermark, int LowWatermark, int MaxOutbound, int MaxUnconsumed);
