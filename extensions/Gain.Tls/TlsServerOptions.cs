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
    public IDictionary<string, TlsCertificate> ServerNames { get; } =
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

    internal void CheckLimits()
    {
        if (HandshakeTimeout <= TimeSpan.Zero || HandshakeTimeout > TimeSpan.FromDays(1))
        {
            throw new TlsException(
                TlsError.OptionInvalid,
                $"{nameof(HandshakeTimeout)} cannot be used: it is {HandshakeTimeout}, and not above 0 and "
                + "at most a day.");
        }

        if (MaxHandshakesPerTurn is < 1 or > 65_536)
        {
            throw new TlsException(
                TlsError.OptionInvalid,
                $"{nameof(MaxHandshakesPerTurn)} cannot be used: it is {MaxHandshakesPerTurn}, and not 1 to "
                + "65,536.");
        }
    }
}
