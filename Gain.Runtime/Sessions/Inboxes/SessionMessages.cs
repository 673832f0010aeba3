namespace Gain;

/// <summary>Messages that sessions wait for, of value types.</summary>
public static class SessionMessages
{
    /// <summary>
    /// Waits for the next message that was posted to the connection by
    /// <see cref="ConnectionHandle.TryPost"/>: the type is that of
    /// <see cref="SessionMessageAttribute{TMessage}"/>. Messages keep their order, and wait while the session
    /// does something else, up to <c>GainOptions.Limits.MaxMessagesWaiting</c>.
    /// </summary>
    /// <typeparam name="TMessage">The type of the protocol's messages.</typeparam>
    /// <param name="session">The session.</param>
    /// <returns>
    /// The message; null when the server stops and no message waits, or the connection is over. The peer's
    /// FIN does not end it.
    /// </returns>
    /// <remarks>It is awaited at once, on the worker.</remarks>
    /// <exception cref="InvalidOperationException">The protocol takes no messages of the type, or the session
    /// waits already.</exception>
    /// <exception cref="SessionEndedException">The connection is over, or the session was told of the
    /// stop before.</exception>
    [AllocationFree]
    public static async Part<TMessage?> Message<TMessage>(this SessionContext session)
        where TMessage : struct =>
        await session.AwaitMessage<TMessage>() ? session.TakeMessage<TMessage>() : null;
}
