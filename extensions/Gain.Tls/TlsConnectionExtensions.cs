namespace Gain.Tls;

/// <summary>What a handler can ask of a connection that speaks TLS.</summary>
public static class TlsConnectionExtensions
{
    /// <summary>Whether the connection speaks TLS.</summary>
    /// <param name="connection">The connection.</param>
    /// <returns>Whether <see cref="GetTls"/> gives something.</returns>
    [AllocationFree]
    public static bool IsTls(this Connection connection) => connection.Layer is TlsConnection { IsUp: true };

    /// <summary>What was agreed on in the handshake; from <c>OnAccept</c> or <c>OnConnect</c> to
    /// <c>OnClose</c>.</summary>
    /// <param name="connection">The connection, of a tls:// address.</param>
    /// <returns>The facts, for this callback.</returns>
    /// <exception cref="InvalidOperationException">The connection does not speak TLS.</exception>
    [AllocationFree]
    public static TlsInfo GetTls(this Connection connection) =>
        connection.Layer is TlsConnection { IsUp: true } tls
            ? new TlsInfo(tls.Session)
            : throw new InvalidOperationException(
                "The connection does not speak TLS: it came in by an address that is not tls://, or was "
                + "dialled by one, or the handshake is not done. IsTls tells.");

    /// <summary>
    /// Goes over to TLS, in a callback of a connection whose address has options for it
    /// (<see cref="TlsServerExtensions.UseStartTls"/>), or that was dialled by a type that has
    /// (<see cref="TlsClientExtensions"/>). What was written before is sent as plain text, such
    /// as the answer that tells the client to begin; what is written from now on waits for the handshake.
    /// The next that the handler is given came over TLS, and <see cref="IsTls"/> is true.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <remarks>
    /// <para>
    /// A client that sends more behind the message that starts TLS, without waiting for the answer, is cut
    /// off with <see cref="CloseReason.ProtocolError"/>, and what it sent is not delivered: anyone on the way
    /// could have put it there. An <c>OnRead</c> that returns <c>void</c> was given it already, so return the
    /// count of bytes, or use a framing. The same holds for a server that sends more behind its answer, where
    /// the connection was dialled. What was agreed on as plain text is worth nothing: forget it.
    /// </para>
    /// <para>A handshake that fails ends the connection with its <c>OnClose</c>.</para>
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// The address has no options for it, the connection speaks TLS already, an answer is due
    /// (<c>Connection.Hold</c>), or a frame is open.
    /// </exception>
    /// <example>
    /// <code>
    /// connection.Send("220 Go ahead\r\n"u8);
    /// connection.StartTls();
    /// </code>
    /// </example>
    [AllocationFree]
    public static void StartTls(this Connection connection) => connection.StartLayer();
}
