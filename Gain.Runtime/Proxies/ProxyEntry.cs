using Gain.Memory;

namespace Gain.Proxies;

/// <summary>What a proxy has said of one connection.</summary>
internal struct ProxyEntry
{
    /// <summary>The TLVs, each whole.</summary>
    public InboundCarry Tlvs;

    /// <summary>The form of the header; none before it has come, or where none is awaited.</summary>
    public ProxyVersion Version;

    /// <summary>Whether the header is awaited.</summary>
    public bool IsDue;

    /// <summary>Whether the connection is the proxy's own.</summary>
    public bool IsLocal;

    /// <summary>The client's address.</summary>
    public GainAddress Source;

    /// <summary>The address that the client has connected to.</summary>
    public GainAddress Destination;
}
