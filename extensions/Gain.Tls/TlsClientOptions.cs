namespace Gain.Tls;

/// <summary>What a TLS client sets; the defaults check the server's certificate and name.</summary>
public sealed class TlsClientOptions : TlsOptions
{
    /// <summary>The certificate that the client shows to a server that asks; null shows none.</summary>
    public TlsCertificate? Certificate { get; set; }

    /// <summary>
    /// The name or IP address that the server's certificate must be for, and that is sent as the server's
    /// name (SNI). Null, the default, is the host of the address that is dialled. Where that is an IP address
    /// or a Unix socket, and the certificate is for a name, it is set here.
    /// </summary>
    public string? TargetHost { get; set; }

    /// <summary>
    /// Whether the server's certificate must be for the host; true by default. With false, whoever has a
    /// certificate of a trusted root for any name can pose as the server: turn it off only where
    /// <see cref="TlsOptions.CheckPeer"/> looks at the name, or <see cref="TlsOptions.TrustedRoots"/> sign
    /// nobody else.
    /// </summary>
    public bool CheckHostName { get; set; } = true;

    /// <summary>
    /// How long a handshake may take, from the end of the connect on, beside
    /// <see cref="DialOptions.ConnectTimeout"/>: above 0, at most a day; 10 s by default. A server that
    /// does not answer holds the connection's place, and what was written to it, for as long.
    /// </summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How many steps of handshakes a worker takes in one turn of its loop: 1 to 65,536; 16 by default. Its
    /// other connections wait for as long as they take; what is beyond the number waits for the next turn.
    /// </summary>
    public int MaxHandshakesPerTurn { get; set; } = 16;

    /// <summary>
    /// Whether a handshake with a server that was dialled before resumes the session from then, by a ticket
    /// that the server gave; true by default. It saves a round trip in TLS 1.2, and the signatures in both
    /// versions. The server shows no certificate then, so <see cref="TlsOptions.CheckPeer"/> is not asked,
    /// and the checks of the first handshake hold for as long as <see cref="ResumptionLifetime"/>. Each
    /// worker keeps tickets of its own, by host and port that are dialled; other options have other tickets.
    /// </summary>
    public bool ResumesSessions { get; set; } = true;

    /// <summary>
    /// For how long after it came a ticket may be used: above 0, at most 7 days, which is the most that
    /// TLS 1.3 allows; 1 hour by default. A server may say less. A longer time relies for longer on a
    /// certificate that was revoked or has expired meanwhile.
    /// </summary>
    public TimeSpan ResumptionLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How many tickets a worker keeps: 1 to 4,096; 256 by default. At most four are of one server, and the
    /// oldest make room. Each holds some kilobytes of OpenSSL's memory, with the server's certificates.
    /// </summary>
    public int MaxResumptions { get; set; } = 256;

    /// <summary>The options as they are now.</summary>
    /// <exception cref="TlsException">One of them cannot be used.</exception>
    internal TlsClientOptions Copy()
    {
        Check(
            nameof(HandshakeTimeout), HandshakeTimeout,
            HandshakeTimeout > TimeSpan.Zero && HandshakeTimeout <= TimeSpan.FromDays(1),
            "above 0 and at most a day");
        Check(
            nameof(MaxHandshakesPerTurn), MaxHandshakesPerTurn, MaxHandshakesPerTurn is >= 1 and <= 65_536,
            "1 to 65,536");
        Check(
            nameof(ResumptionLifetime), ResumptionLifetime,
            ResumptionLifetime > TimeSpan.Zero && ResumptionLifetime <= TimeSpan.FromDays(7),
            "above 0 and at most 7 days");
        Check(nameof(MaxResumptions), MaxResumptions, MaxResumptions is >= 1 and <= 4_096, "1 to 4,096");
        Check(
            nameof(TargetHost), TlsIdentity.Escape(TargetHost ?? ""),
            TargetHost is null || ServerName.IsHost(TargetHost),
            "a host name, an IP address or null; names outside of ASCII are written in their xn-- form");
        var copy = (TlsClientOptions)MemberwiseClone();
        copy.ApplicationProtocols = [.. ApplicationProtocols];
        copy.TrustedRoots = TrustedRoots is null ? null : [.. TrustedRoots];
        return copy;
    }

    /// <summary>Whether the client asks the server for its OCSP response; it does not by default.</summary>
    public bool RequestOcspStaple { get; set; }
}
