namespace Gain.Proxy.Configuration;

/// <summary>How long things may take.</summary>
internal sealed record TimeoutsSection
{
    /// <summary>One connect to one backend; then the next one is tried.</summary>
    public TimeSpan Connect { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A client's first TLS message, where it is asked for a name.</summary>
    public TimeSpan Hello { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Silence in both directions of a relay; null for no limit.</summary>
    public TimeSpan? Idle { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Silence of a peer after the other one has ended its side; null for no limit.</summary>
    public TimeSpan? HalfClose { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a stop lets relays go on.</summary>
    public TimeSpan Drain { get; set; } = TimeSpan.FromSeconds(30);
}
