using Gain.CompilerServices;

namespace Gain.Tls;

/// <summary>TLS for connections that are dialled.</summary>
public static class TlsClientExtensions
{
    /// <summary>
    /// Lets the types that were given to <c>Dial</c> so far, and that have no options yet, dial
    /// <c>tls://host:port</c>. The handler is the same as without TLS: <c>OnConnect</c> comes when the
    /// handshake is done, and <c>OnConnectFailed</c> with
    /// <see cref="ConnectFailureReason.HandshakeFailed"/> where it fails. Connections to other targets stay
    /// plain, until their handler calls <see cref="TlsConnectionExtensions.StartTls"/>.
    /// </summary>
    /// <typeparam name="TProtocol">The protocol of its connections.</typeparam>
    /// <param name="builder">The server.</param>
    /// <param name="options">
    /// The options; copied, but for the certificates. They check the server's certificate and name.
    /// </param>
    /// <returns>The server with TLS there.</returns>
    /// <exception cref="GainException">No type is left that was given to <c>Dial</c>.</exception>
    /// <exception cref="TlsException">
    /// An option cannot be used; and, at the start of the server, OpenSSL is missing or too old.
    /// </exception>
    /// <example>
    /// <code>
    /// await using var server = GainServer.Listen(new Gateway(), "tcp://0.0.0.0:8000")
    ///     .Dial(new Upstream()).UseTls(new TlsClientOptions())
    ///     .Start();
    /// </code>
    /// </example>
    public static GainServerBuilder<TProtocol> UseTls<TProtocol>(
        this GainServerBuilder<TProtocol> builder, TlsClientOptions options)
        where TProtocol : struct, IProtocol<TProtocol>
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        return builder.WithDialLayer(new TlsClientLayer(options.Copy()));
    }

    /// <summary>Lets a client dial <c>tls://host:port</c>, as the other overload does.</summary>
    /// <typeparam name="TProtocol">The protocol of its connections.</typeparam>
    /// <param name="builder">The client.</param>
    /// <param name="options">As for the other overload.</param>
    /// <returns>The client with TLS.</returns>
    /// <exception cref="GainException">It has options already.</exception>
    /// <exception cref="TlsException">As for the other overload.</exception>
    /// <example>
    /// <code>
    /// await using var client = GainClient.Dial(new Upstream()).UseTls(new TlsClientOptions()).Start();
    /// ConnectionHandle up = await client.DialAsync(DialTarget.Parse("tls://example.com:443"));
    /// </code>
    /// </example>
    public static GainClientBuilder<TProtocol> UseTls<TProtocol>(
        this GainClientBuilder<TProtocol> builder, TlsClientOptions options)
        where TProtocol : struct, IProtocol<TProtocol>
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        return builder.WithDialLayer(new TlsClientLayer(options.Copy()));
    }
}
