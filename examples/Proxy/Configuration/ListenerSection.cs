namespace Gain.Proxy.Configuration;

/// <summary>An address that clients connect to, and where they are led.</summary>
internal sealed record ListenerSection
{
    /// <summary>tcp:// or unix://, as every address of Gain's.</summary>
    public string Address { get; set; } = "";

    /// <summary>The pool of clients that no name leads elsewhere.</summary>
    public string? Pool { get; set; }

    /// <summary>
    /// Pools by the name that a TLS client asks for, such as "www.example.org" or "*.example.org".
    /// </summary>
    public Dictionary<string, string>? Names { get; set; }

    /// <summary>Says that balancers connect, whose connections begin with a PROXY header.</summary>
    public ProxyProtocolSection? ProxyProtocol { get; set; }
}
