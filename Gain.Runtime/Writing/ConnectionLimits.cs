namespace Gain.Writing;

/// <summary>The limits that a worker holds each of its connections to, in bytes.</summary>
/// <param name="HighWatermark">Outbound bytes at which reading stops.</param>
/// <param name="LowWatermark">Outbound bytes at which it goes on.</param>
/// <param name="MaxOutbound">Outbound bytes that a write may not exceed.</param>
/// <param name="MaxUnconsumed">Received bytes that OnRead may leave unconsumed.</param>
/// <param name="DropsWrites">Whether a write that exceeds it is dropped, and does not close.</param>
internal readonly record struct ConnectionLimits(
    int HighWatermark, int LowWatermark, int MaxOutbound, int MaxUnconsumed, bool DropsWrites = false)
{
    /// <summary>Whether reading goes on whatever is to be sent.</summary>
    public bool KeepsReading => HighWatermark == int.MaxValue;

    /// <summary>The limits under a policy for peers that read slowly.</summary>
    public static ConnectionLimits For(SlowReaderPolicy policy, int high, int low, int max, int unconsumed) =>
        policy == SlowReaderPolicy.PauseReading
            ? new ConnectionLimits(high, low, max, unconsumed)

            // Reading never stops, and the watermark is what a write may not exceed.
            : new ConnectionLimits(
                int.MaxValue, low, high, unconsumed, policy == SlowReaderPolicy.DropWrites);
}
