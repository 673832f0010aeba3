using System.ComponentModel;
using System.Runtime.CompilerServices;
using Gain.Sessions;

namespace Gain.CompilerServices;

/// <summary>What generated code calls for a protocol with <c>OnSession</c>, where it would call callbacks.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SessionCalls
{
    /// <summary>A session is to begin: what <c>OnSession</c> is called with, next.</summary>
    /// <param name="connection">Its connection.</param>
    /// <param name="isFramed">Whether the protocol has a framing.</param>
    public static SessionContext Begin(Connection connection, bool isFramed) =>
        SessionHost.Demand().Begin(connection.SlotIndex, isFramed);

    /// <summary>As <see cref="Begin"/>, for a protocol that takes messages.</summary>
    /// <typeparam name="TMessage">Their type.</typeparam>
    /// <param name="connection">Its connection.</param>
    /// <param name="isFramed">Whether the protocol has a framing.</param>
    public static SessionContext BeginWithMessages<TMessage>(Connection connection, bool isFramed)
    {
        SessionHost host = SessionHost.Demand();
        host.OpenInbox<TMessage>(connection.SlotIndex);
        return host.Begin(connection.SlotIndex, isFramed);
    }

    /// <summary>A message has come for a session.</summary>
    /// <typeparam name="TMessage">Its type.</typeparam>
    /// <param name="connection">Its connection.</param>
    /// <param name="message">The message; copied.</param>
    public static void Message<TMessage>(Connection connection, in TMessage message) =>
        SessionHost.Demand().DeliverMessage(connection.SlotIndex, in message);

    /// <summary>The session has begun.</summary>
    /// <param name="session">What <c>OnSession</c> has returned.</param>
    public static void EndBegin(Session session) => SessionHost.Demand().EndBegin();

    /// <summary>Bytes have come.</summary>
    /// <returns>How many of them are consumed.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(Connection connection, ReadOnlySpan<byte> data) =>
        SessionHost.Demand().Deliver(connection.SlotIndex, data);

    /// <summary>Whether the session waits for frames; if not, all that comes is kept until it does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AwaitsFrame(Connection connection) =>
        SessionHost.Demand().AwaitsFrame(connection.SlotIndex);

    /// <summary>A frame has come, and the session waits for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Frame(Connection connection, ReadOnlySpan<byte> frame) =>
        SessionHost.Demand().DeliverFrame(connection.SlotIndex, frame);

    /// <summary>As <see cref="Framing.HandledOne"/>, and the session waits for the next frame.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="left">The bytes behind the frame.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool HandledOne(Connection connection, int left) =>
        SessionHost.Demand().HandledOne(connection.SlotIndex, Framing.HandledOne(connection), left);

    /// <summary>The outbound bytes have fallen to the low watermark.</summary>
    public static void Drained(Connection connection) =>
        SessionHost.Demand().Complete(connection.SlotIndex, SessionWaitKind.Drained);

    /// <summary>The peer's FIN has come.</summary>
    public static void ReadClosed(Connection connection) =>
        SessionHost.Demand().EndInput(connection.SlotIndex, connection.Inbound);

    /// <summary>The session's delay is over.</summary>
    public static void Timer(Connection connection) =>
        SessionHost.Demand().Complete(connection.SlotIndex, SessionWaitKind.Delay);

    /// <summary>The connection is over.</summary>
    public static void Close(Connection connection) => SessionHost.Demand().End(connection.SlotIndex);
}
