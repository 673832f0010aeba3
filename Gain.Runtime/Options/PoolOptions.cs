namespace Gain;

/// <summary>
/// How connections to a target are kept for later when nobody needs them (<c>Connection.Return</c>,
/// <c>connection.Rent</c>). Each worker keeps its own, and these are limits of one worker.
/// </summary>
/// <remarks>
/// One that is kept holds a descriptor, a local port and a connection's place. It is read from, so that one
/// whose peer is gone, or says something that nobody has asked for, is closed at once.
/// </remarks>
public sealed class PoolOptions
{
    private const int Most = 65_536;

    private static readonly TimeSpan s_leastTime = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_mostTime = TimeSpan.FromDays(1);

    /// <summary>
    /// How many are kept for one target: 1 to 65,536. Default: 16. One more closes the one that was unused
    /// for longest. With fewer, a burst dials anew. With more, the target's own limit may be used up by
    /// connections that nobody uses.
    /// </summary>
    public int MaxIdlePerTarget { get; set; } = 16;

    /// <summary>
    /// How many are kept for all targets: 1 to 65,536. Default: 256. One more closes the one that was unused
    /// for longest. Many use up local ports: see net.ipv4.ip_local_port_range.
    /// </summary>
    public int MaxIdle { get; set; } = 256;

    /// <summary>
    /// How long one is kept: 1 ms to 1 day. Default: 30 s. It should be shorter than the time after which
    /// the other end closes idle connections: one that is rented at the very moment of that close is of no
    /// use.
    /// </summary>
    public TimeSpan IdleTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A copy whose values are right.</summary>
    /// <exception cref="GainException">One is not; the message says which, and what it may be.</exception>
    internal PoolOptions Validated()
    {
        Check(nameof(MaxIdlePerTarget), MaxIdlePerTarget);
        Check(nameof(MaxIdle), MaxIdle);
        if (IdleTime < s_leastTime || IdleTime > s_mostTime)
        {
            throw new GainException(
                GainError.OptionInvalid,
                $"DialOptions.Pool.IdleTime is {IdleTime}, but must be a time from {s_leastTime} to "
                + $"{s_mostTime}.");
        }

        return new PoolOptions
        {
            MaxIdlePerTarget = MaxIdlePerTarget, MaxIdle = MaxIdle, IdleTime = IdleTime,
        };
    }

    private static void Check(string name, int value)
    {
        if (value is < 1 or > Most)
        {
            throw new GainException(
                GainError.OptionInvalid,
                $"DialOptions.Pool.{name} is {value:N0}, but must be 1 to {Most:N0}: without "
                + "DialOptions.Pool nothing is kept.");
        }
    }
}
