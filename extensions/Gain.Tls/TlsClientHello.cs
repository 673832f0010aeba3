namespace Gain.Tls;

/// <summary>What a client has said of itself when a certificate is chosen for it.</summary>
public readonly record struct TlsClientHello
{
    /// <summary>Makes one of its parts.</summary>
    /// <param name="serverName">
    /// The name that it asked for, in lower case and without a dot at the end; null when it named none or
    /// an IP address.
    /// </param>
    public TlsClientHello(string? serverName)
    {
        ServerName = serverName;
    }

    /// <summary>
    /// The name that it asked for, in lower case and without a dot at the end; null when it named none or
    /// an IP address.
    /// </summary>
    public string? ServerName { get; init; }
}
