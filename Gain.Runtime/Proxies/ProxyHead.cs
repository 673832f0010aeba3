namespace Gain.Proxies;

/// <summary>What a PROXY header says, once it is whole and right.</summary>
internal struct ProxyHead
{
    /// <summary>Its bytes: what follows is the client's.</summary>
    public int Length;

    /// <summary>Its form.</summary>
    public ProxyVersion Version;

    /// <summary>Whether it is of a connection of the proxy's own, or of one whose addresses it cannot
    /// tell.</summary>
    public bool IsLocal;

    /// <summary>The client's address, unless it is local.</summary>
    public GainAddress Source;

    /// <summary>The address that the client has connected to, unless it is local.</summary>
    public GainAddress Destination;

    /// <summary>Where its TLVs begin; they end with it.</summary>
    public int TlvStart;
}
