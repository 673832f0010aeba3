using Gain.CompilerServices;

namespace Gain.Tls;

/// <summary>TLS for the addresses of a server.</summary>
public static class TlsServerExtensions
{
    /// <summary>
    /// Gives the tls:// addresses that the server was given so far, and that have no options yet, these. The
    /// handler is the same as without TLS: <c>OnAccept</c> comes when the handshake is done.
    /// </summary>
    /// <typeparam name="TProtocol">The protocol of its connections.</typeparam>
    /// <param name="builder">The server.</param>
    /// <param name="options">
    /// The options; they are read when the server starts, and at <see cref="TlsServerOptions.Apply"/>.
    /// </param>
    /// <returns>The server with TLS there.</returns>
    /// <exception cref="GainException">None of its addresses is left that is tls://.</exception>
    /// <exception cref="TlsException">
    /// An option cannot be used; and, at the start of the server, OpenSSL is missing or too old.
    /// </exception>
    /// <example>
    /// <code>
    /// await using var server = GainServer.Listen(new Echo(), "tls://0.0.0.0:9443")
    ///     .UseTls(new TlsServerOptions { Certificate = TlsCertificate.FromPemFile("cert.pem", "key.pem") })
    ///     .Start();
    /// </code>
    /// </example>
    public static GainServerBuilder<TProtocol> UseTls<TProtocol>(
        this GainServerBuilder<TProtocol> builder, TlsServerOptions options)
        where TProtocol : struct, IProtocol<TProtocol> => Add(builder, options, startsOnRequest: false);

    /// <summary>
    /// Lets connections of the tcp:// and unix:// addresses that the server was given so far, and that have
    /// no options yet, begin as plain text, and go over to TLS where their handler calls
    /// <see cref="TlsConnectionExtensions.StartTls"/>, as with STARTTLS of SMTP.
    /// </summary>
    /// <typeparam name="TProtocol">The protocol of its connections.</typeparam>
    /// <param name="builder">The server.</param>
    /// <param name="options">As for <see cref="UseTls"/>.</param>
    /// <returns>The server with TLS on request there.</returns>
    /// <exception cref="GainException">None of its addresses is left that has connections.</exception>
    /// <exception cref="TlsException">As for <see cref="UseTls"/>.</exception>
    public static GainServerBuilder<TProtocol> UseStartTls<TProtocol>(
        this GainServerBuilder<TProtocol> builder, TlsServerOptions options)
        where TProtocol : struct, IProtocol<TProtocol> => Add(builder, options, startsOnRequest: true);

    private static GainServerBuilder<TProtocol> Add<TProtocol>(
        GainServerBuilder<TProtocol> builder, TlsServerOptions options, bool startsOnRequest)
        where TProtocol : struct, IProtocol<TProtocol>
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        options.Live.Hold(options);
        return builder.WithLayer(new TlsLayer(options, startsOnRequest));
    }
}
