namespace Gain.Tls;

/// <summary>What a handler can ask of a connection that speaks TLS.</summary>
public static class TlsConnectionExtensions
{
    /// <summary>Whether the connection speaks TLS.</summary>
    /// <param name="connection">The connection.</param>
    /// <returns>Whether <see cref="GetTls"/> gives something.</returns>
    [AllocationFree]
    public static bool IsTls(this Connection connection) => connection.Layer is TlsConnection;

    /// <summary>What was agreed on in the handshake; from <c>OnAccept</c> to <c>OnClose</c>.</summary>
    /// <param name="connection">The connection, of a tls:// address.</param>
    /// <returns>The facts, for this callback.</returns>
    /// <exception cref="InvalidOperationException">The connection does not speak TLS.</exception>
    [AllocationFree]
    public static TlsInfo GetTls(this Connection connection) => connection.Layer is TlsConnection tls
        ? new TlsInfo(tls.Session)
        : throw new InvalidOperationException(
            "The connection does not speak TLS: it came in by an address that is not tls://. IsTls tells.");
}
