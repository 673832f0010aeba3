namespace Gain.Proxy.Configuration;

/// <summary>Whose PROXY headers are believed.</summary>
internal sealed record ProxyProtocolSection
{
    /// <summary>The networks of the balancers.</summary>
    public string[] Trusted { get; set; } = [];

    /// <summary>Whether others may connect, too, without a header.</summary>
    public bool AcceptsDirectClients { get; set; }

    /// <summary>How long a header may take.</summary>
    public TimeSpan HeaderTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether the same is believed of the same; the order of the networks says nothing.</summary>
    public bool Equals(ProxyProtocolSection? other) =>
        other is not null
        && AcceptsDirectClients == other.AcceptsDirectClients
        && HeaderTimeout == other.HeaderTimeout
        && Trusted.ToHashSet().SetEquals(other.Trusted);

    public override int GetHashCode() => HashCode.Combine(AcceptsDirectClients, HeaderTimeout);
}
