using System.Security.Cryptography.X509Certificates;

namespace Gain.Tls;

/// <summary>
/// What the two ends of a connection have agreed on, and who the peer is. It belongs to the callback, as the
/// connection does: read what is to be kept.
/// </summary>
public readonly ref struct TlsInfo
{
    private readonly TlsSession? _session;

    internal TlsInfo(TlsSession session) => _session = session;

    private TlsSession Session => _session ?? throw new InvalidOperationException(
        "This TlsInfo is the default value, and that of no connection: Connection.GetTls gives one.");

    /// <summary>
    /// The application protocol (ALPN) as it goes over the wire, as in <c>"h2"u8</c>; empty when none was
    /// agreed on.
    /// </summary>
    public ReadOnlySpan<byte> ApplicationProtocol => Session.ApplicationProtocol;

    /// <summary>The server's name that the client asked for (SNI), as it wrote it; null for none. Allocates.
    /// </summary>
    /// <remarks>A client can write anything there: compare it, and escape it before it is logged.</remarks>
    public string? ServerName => Session.RequestedName;

    /// <summary>The version, as in "TLSv1.3". Allocates.</summary>
    public string Version => Session.Version;

    /// <summary>The cipher in OpenSSL's words, as in "TLS_AES_256_GCM_SHA384". Allocates.</summary>
    public string Cipher => Session.Cipher ?? "";

    /// <summary>Whether the client resumed an earlier session, by a ticket that it was given then.</summary>
    public bool IsResumed => Session.IsResumed;

    /// <summary>
    /// The client's certificate, which the caller disposes of; null when it has shown none. It was checked
    /// (<see cref="TlsServerOptions.ClientCertificates"/>); a session that is resumed keeps that of the
    /// first. Allocates.
    /// </summary>
    /// <returns>The certificate, or null.</returns>
    public X509Certificate2? GetPeerCertificate() => Session.GetPeerCertificate();
}
