namespace Gain.Proxy.Configuration;

/// <summary>How backends are checked: by a connection that is closed at once.</summary>
internal sealed record CheckSection
{
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(2);

    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Successes in a row after which a backend that was down is up.</summary>
    public int Rise { get; set; } = 2;

    /// <summary>Failures in a row after which one that was up is down.</summary>
    public int Fall { get; set; } = 3;
}
