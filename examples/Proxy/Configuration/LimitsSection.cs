namespace Gain.Proxy.Configuration;

/// <summary>How much the proxy holds at once.</summary>
internal sealed record LimitsSection
{
    /// <summary>Connections to clients and to backends together: a relay takes two.</summary>
    public int MaxConnections { get; set; } = 65_536;

    /// <summary>Connections of one client's address; null for no limit.</summary>
    public int? MaxConnectionsPerAddress { get; set; }

    /// <summary>How much one direction of a relay holds for a peer that reads slowly.</summary>
    public int BufferBytes { get; set; } = 512 << 10;
}
