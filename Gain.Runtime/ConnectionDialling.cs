using Gain.CompilerServices;

namespace Gain;

/// <summary>Dialling in callbacks.</summary>
public static class ConnectionDialling
{
    /// <summary>
    /// Begins a connection to a target on the same worker. What is written to it by its handle waits until it
    /// is up; closing it before gives it up. <c>OnConnect</c> of its handler follows, or
    /// <c>OnConnectFailed</c>: never within this call.
    /// </summary>
    /// <typeparam name="THandler">A protocol that was given to <c>GainServerBuilder.Dial</c>.</typeparam>
    /// <param name="connection">A connection of the worker, that of the callback.</param>
    /// <param name="handler">What serves it: a copy that is its own.</param>
    /// <param name="target">Where to.</param>
    /// <returns>The connection's handle, of use at once.</returns>
    /// <remarks>
    /// Allocates nothing. It counts for <c>GainOptions.Limits.MaxConnections</c>, and for the worker's. While
    /// the connection is not up <c>OnTimer</c> and <c>OnMessage</c> may come.
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// The type was not given to <c>GainServerBuilder.Dial</c>; or as many connections are open as may be, or
    /// the server stops: <see cref="TryDial"/> tells these instead.
    /// </exception>
    [AllocationFree]
    public static ConnectionHandle Dial<THandler>(
        this Connection connection, in THandler handler, DialTarget target)
        where THandler : struct, IProtocol<THandler> => connection.TryDial(in handler, target, out var handle)
            ? handle
            : throw new InvalidOperationException(
                $"Worker {connection.WorkerIndex} cannot dial {target}: as many connections are open as "
                + "GainOptions.Limits.MaxConnections allows, or the server stops: TryDial tells it.");

    /// <summary>As <see cref="Dial"/>, but false at the limit on connections, or when the server stops.
    /// </summary>
    /// <typeparam name="THandler">As for <see cref="Dial"/>.</typeparam>
    /// <param name="connection">As for <see cref="Dial"/>.</param>
    /// <param name="handler">As for <see cref="Dial"/>.</param>
    /// <param name="target">As for <see cref="Dial"/>.</param>
    /// <param name="handle">The connection's handle; the default value when it was not begun.</param>
    /// <returns>Whether it was begun: then one of the callbacks follows.</returns>
    /// <exception cref="InvalidOperationException">The type was not given to
    /// <c>GainServerBuilder.Dial</c>.</exception>
    [AllocationFree]
    public static bool TryDial<THandler>(
        this Connection connection, in THandler handler, DialTarget target, out ConnectionHandle handle)
        where THandler : struct, IProtocol<THandler> =>
        connection.TryDial(in handler, target.End, isRented: false, out handle);

    /// <summary>
    /// As <see cref="Dial"/>, but with a connection to the target that this worker keeps
    /// (<c>DialOptions.Pool</c>), if there is one. <c>OnConnect</c> follows either way. One whose peer has
    /// ended or reset it, or has sent something meanwhile, is never handed out.
    /// </summary>
    /// <typeparam name="THandler">
    /// A protocol that was given to <c>GainServerBuilder.Dial</c>, with <c>DialOptions.Pool</c>.
    /// </typeparam>
    /// <param name="connection">As for <see cref="Dial"/>.</param>
    /// <param name="handler">As for <see cref="Dial"/>.</param>
    /// <param name="target">As for <see cref="Dial"/>. A Unix socket is the same one if both were parsed at
    /// once.</param>
    /// <returns>As for <see cref="Dial"/>.</returns>
    /// <remarks>
    /// <c>Connection.Return</c> gives it back. A peer may end a connection at the moment that it is handed
    /// out: then it closes as others do, and what may be repeated is to be asked again.
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// As for <see cref="Dial"/>, or the type has no <c>DialOptions.Pool</c>.
    /// </exception>
    [AllocationFree]
    public static ConnectionHandle Rent<THandler>(
        this Connection connection, in THandler handler, DialTarget target)
        where THandler : struct, IProtocol<THandler> => connection.TryRent(in handler, target, out var handle)
            ? handle
            : throw new InvalidOperationException(
                $"Worker {connection.WorkerIndex} cannot rent a connection to {target}: as many connections "
                + "are open as GainOptions.Limits.MaxConnections allows, those included that are kept, or "
                + "the server stops: TryRent tells it.");

    /// <summary>As <see cref="Rent"/>, but false at the limit on connections, or when the server stops.
    /// </summary>
    /// <typeparam name="THandler">As for <see cref="Rent"/>.</typeparam>
    /// <param name="connection">As for <see cref="Rent"/>.</param>
    /// <param name="handler">As for <see cref="Rent"/>.</param>
    /// <param name="target">As for <see cref="Rent"/>.</param>
    /// <param name="handle">The connection's handle; the default value when it was not begun.</param>
    /// <returns>Whether it was begun: then one of the callbacks follows.</returns>
    /// <exception cref="InvalidOperationException">As for <see cref="Rent"/>, but for the
    /// limit.</exception>
    [AllocationFree]
    public static bool TryRent<THandler>(
        this Connection connection, in THandler handler, DialTarget target, out ConnectionHandle handle)
        where THandler : struct, IProtocol<THandler> =>
        connection.TryDial(in handler, target.End, isRented: true, out handle);
}
