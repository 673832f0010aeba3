namespace Gain.Tls;

/// <summary>What a client has said of itself when a certificate is chosen for it.</summary>
/// <param name="ServerName">
/// The name that it asked for, in lower case and without a dot at the end; null when it named none or an IP
/// address.
/// </param>
public readonly record struct TlsClientHello(string? ServerName);
