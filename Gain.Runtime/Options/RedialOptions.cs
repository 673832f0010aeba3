namespace Gain;

/// <summary>
/// When a connection that did not come up, or has ended by itself, is dialled again: after a delay that
/// doubles with each attempt and is drawn at random, so that the clients of a server that restarts do not
/// all come at once.
/// </summary>
/// <remarks>
/// The delay begins anew with <see cref="FirstDelay"/> when a connection was up for longer than
/// <see cref="MaxDelay"/>. So a host that takes connections and closes them at once is not dialled in a loop.
/// </remarks>
public sealed class RedialOptions
{
    private static readonly TimeSpan s_leastDelay = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_mostDelay = TimeSpan.FromDays(1);

    /// <summary>
    /// The first delay: 1 ms to <see cref="MaxDelay"/>. Default: 100 ms. With a shorter one, a host that
    /// refuses is asked more often before the delay has grown; each time takes a local port and a descriptor
    /// for a moment.
    /// </summary>
    public TimeSpan FirstDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The longest delay, and how long a connection has to be up for the delay to begin anew: 1 ms to 1 day.
    /// Default: 30 s. A host that is back is noticed this late. With a short one, all who wait for a host
    /// ask it this often.
    /// </summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The part of a delay that is left to chance, 0 to 1: a delay of 1 s with 0.5 is one from 0.5 s to 1 s.
    /// Default: 0.5. With 0, all whom a host has closed at the same moment dial it at the same moment.
    /// </summary>
    public double Jitter { get; set; } = 0.5;

    /// <summary>A copy whose values are right.</summary>
    /// <exception cref="GainException">One is not; the message says which, and what it may be.</exception>
    internal RedialOptions Validated()
    {
        if (MaxDelay < s_leastDelay || MaxDelay > s_mostDelay)
        {
            throw new GainException(
                GainError.OptionInvalid,
                $"DialOptions.Redial.MaxDelay is {MaxDelay}, but must be a time from {s_leastDelay} to "
                + $"{s_mostDelay}.");
        }

        if (FirstDelay < s_leastDelay || FirstDelay > MaxDelay)
        {
            throw new GainException(
                GainError.OptionInvalid,
                $"DialOptions.Redial.FirstDelay is {FirstDelay}, but must be a time from {s_leastDelay} to "
                + $"MaxDelay, which is {MaxDelay}.");
        }

        // Written so that NaN is refused.
        if (!(Jitter is >= 0 and <= 1))
        {
            throw new GainException(
                GainError.OptionInvalid,
                $"DialOptions.Redial.Jitter is {Jitter}, but must be a number from 0 to 1.");
        }

        return new RedialOptions { FirstDelay = FirstDelay, MaxDelay = MaxDelay, Jitter = Jitter };
    }
}
