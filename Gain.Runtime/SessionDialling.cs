using Gain.CompilerServices;
using Gain.Sessions;

namespace Gain;

/// <summary>Dialling in sessions.</summary>
public static class SessionDialling
{
    /// <summary>
    /// Dials a target on the same worker, and waits until the connection is up or has failed.
    /// </summary>
    /// <typeparam name="THandler">A protocol that was given to <c>GainServerBuilder.Dial</c>.</typeparam>
    /// <param name="session">The session.</param>
    /// <param name="handler">What serves the connection: a copy that is its own.</param>
    /// <param name="target">Where to.</param>
    /// <returns>
    /// The connection's handle, after its <c>OnConnect</c>, or why it did not come up. At the limit on
    /// connections that is <see cref="ConnectFailureReason.LimitReached"/>; while the server stops, and when
    /// the session's own connection ends meanwhile, <see cref="ConnectFailureReason.Cancelled"/>: then the
    /// new one is given up.
    /// </returns>
    /// <remarks>
    /// It counts for <c>GainOptions.Limits.MaxConnections</c>, and for the worker's. It is awaited at once.
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// The type was not given to <c>GainServerBuilder.Dial</c>, or the session waits already.
    /// </exception>
    /// <exception cref="SessionEndedException">The session's connection is over.</exception>
    [AllocationFree]
    public static async Part<Connected> Connect<THandler>(
        this SessionContext session, THandler handler, DialTarget target)
        where THandler : struct, IProtocol<THandler>
    {
        ConnectFailure failure = session.BeginDial(in handler, isGiven: true, target, out SessionDial? dial);
        return dial is null ? new Connected(failure) : await session.EndDial(dial);
    }

    /// <summary>As the other, with the instance that was given to <c>GainServerBuilder.Dial</c>.</summary>
    /// <typeparam name="THandler">As for the other.</typeparam>
    /// <param name="session">As for the other.</param>
    /// <param name="target">As for the other.</param>
    /// <returns>As for the other.</returns>
    /// <exception cref="InvalidOperationException">As for the other.</exception>
    /// <exception cref="SessionEndedException">As for the other.</exception>
    [AllocationFree]
    public static async Part<Connected> Connect<THandler>(this SessionContext session, DialTarget target)
        where THandler : struct, IProtocol<THandler>
    {
        ConnectFailure failure =
            session.BeginDial<THandler>(default, isGiven: false, target, out SessionDial? dial);
        return dial is null ? new Connected(failure) : await session.EndDial(dial);
    }
}
