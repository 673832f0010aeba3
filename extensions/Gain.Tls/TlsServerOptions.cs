namespace Gain.Tls;

/// <summary>What a TLS server needs to know: at the least its <see cref="Certificate"/>.</summary>
public sealed class TlsServerOptions : TlsOptions
{
    /// <summary>
    /// The certificate for clients that name no server, or one that is not in <see cref="ServerNames"/>. It
    /// must be set.
    /// </summary>
    public TlsCertificate? Certificate { get; set; }

    /// <summary>
    /// The certificates by the name that a client asks for (SNI): "example.com", or "*.example.com" for any
    /// one label in front. An exact name goes before a wildcard; upper case and a dot at the end make no
    /// difference.
    /// </summary>
    public IDictionary<string, TlsCertificate> ServerNames { get; private set; } =
        new Dictionary<string, TlsCertificate>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Chooses the certificate of each connection, before <see cref="ServerNames"/> is looked at; null as
    /// its answer leaves the choice to that. While the task runs, the handshake waits and the worker serves
    /// others.
    /// </summary>
    public Func<TlsClientHello, ValueTask<TlsCertificate?>>? SelectCertificate { get; set; }

    /// <summary>Whether clients are asked for a certificate; they are not by default.</summary>
    public TlsClientCertificates ClientCertificates { get; set; }

    /// <summary>
    /// The keys of session tickets, shared by all workers, and by a cluster when they are set there. Null
    /// sends no tickets: each connection is a full handshake.
    /// </summary>
    public TlsTicketKeys? TicketKeys { get; set; } = new();

    /// <summary>
    /// How long a handshake may take, from the accept on: above 0, at most a day; 10 s by default. A longer
    /// time lets silent clients hold connections for longer.
    /// </summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How many steps of handshakes a worker takes in one turn of its loop: 1 to 65,536; 16 by default. A
    /// step costs a third of a millisecond and more, for which the connections that are up wait; what is
    /// beyond the number waits for the next turn.
    /// </summary>
    public int MaxHandshakesPerTurn { get; set; } = 16;

    /// <summary>
    /// How many handshakes a worker has in progress at most: 1 to 1,048,576; 1,024 by default. Clients beyond
    /// it are closed at once. Each holds memory of OpenSSL's until it is done: with a higher number, clients
    /// that begin and go silent hold more of it.
    /// </summary>
    public int MaxHandshakes { get; set; } = 1_024;

    /// <summary>
    /// How often the files of the certificates are looked at: 10 ms to a day; null, the default, is never.
    /// When they have changed, and stay so for two looks, new connections get what is in them; the log says
    /// so. Files that cannot be used are logged once, and what was there before stays in use.
    /// </summary>
    public TimeSpan? ReloadInterval { get; set; }

    /// <summary>Where the options are in use.</summary>
    internal LiveContexts Live { get; } = new();

    /// <summary>
    /// Has new connections of all servers that were given these options follow what they say now: other
    /// certificates, names, protocols, roots, limits. Connections that are there go on as they are, and a
    /// client that resumes a session is shown no certificate. Any
    /// thread, and while clients connect; but change and apply the options on one thread at a time.
    /// </summary>
    /// <exception cref="TlsException">
    /// An option cannot be used; the message names it, and all workers stay with what was applied before.
    /// </exception>
    /// <example>
    /// <code>
    /// options.Certificate = TlsCertificate.FromPemFile("fullchain.pem", "privkey.pem");
    /// options.Apply();
    /// </code>
    /// </example>
    public void Apply()
    {
        CheckLimits();
        Live.Apply(this);
    }

    /// <summary>The options as they are now.</summary>
    internal TlsServerOptions Copy()
    {
        CheckLimits();
        var copy = (TlsServerOptions)MemberwiseClone();
        copy.ApplicationProtocols = [.. ApplicationProtocols];
        copy.ServerNames =
            new Dictionary<string, TlsCertificate>(ServerNames, StringComparer.OrdinalIgnoreCase);
        copy.TrustedRoots = TrustedRoots is null ? null : [.. TrustedRoots];
        return copy;
    }

    /// <summary>The certificates that came from files.</summary>
    internal IEnumerable<TlsCertificate> FileCertificates() =>
        ServerNames.Values.Append(Certificate).OfType<TlsCertificate>()
            .Where(certificate => certificate.Files.Count != 0).Distinct();

    internal void CheckLimits()
    {
        Check(
            nameof(HandshakeTimeout), HandshakeTimeout,
            HandshakeTimeout > TimeSpan.Zero && HandshakeTimeout <= TimeSpan.FromDays(1),
            "above 0 and at most a day");
        Check(
            nameof(MaxHandshakesPerTurn), MaxHandshakesPerTurn, MaxHandshakesPerTurn is >= 1 and <= 65_536,
            "1 to 65,536");
        Check(nameof(MaxHandshakes), MaxHandshakes, MaxHandshakes is >= 1 and <= 1_048_576, "1 to 1,048,576");
        Check(
            nameof(ReloadInterval), ReloadInterval,
            ReloadInterval is null || (ReloadInterval >= TimeSpan.FromMilliseconds(10)
                && ReloadInterval <= TimeSpan.FromDays(1)),
            "10 ms to a day, or null");
    }
}
