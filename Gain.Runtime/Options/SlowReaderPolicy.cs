namespace Gain;

/// <summary>
/// What happens at <c>GainOptions.Limits.OutboundHighWatermarkBytes</c> to a connection whose peer reads more
/// slowly than the server writes.
/// </summary>
public enum SlowReaderPolicy
{
    /// <summary>
    /// Reading stops until the bytes have fallen to the low watermark. It suits protocols of requests and
    /// answers, where no more requests mean no more answers. Writes go on up to
    /// <c>GainOptions.Limits.MaxOutboundBytes</c>.
    /// </summary>
    PauseReading = 0,

    /// <summary>
    /// A write that would exceed the watermark is dropped whole: <c>TrySend</c> returns false, <c>Send</c>
    /// counts it in <c>GainStatistics.DroppedWrites</c>. Reading goes on. It suits feeds and game states,
    /// where the next write replaces this one.
    /// </summary>
    DropWrites = 1,

    /// <summary>
    /// A <c>Send</c> that would exceed the watermark closes the connection with
    /// <see cref="CloseReason.OutboundLimit"/>; <c>TrySend</c> returns false. Reading goes on. It suits
    /// brokers, where a subscriber must not lose a message without knowing.
    /// </summary>
    Close = 2,
}
