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
        connection.TryDial(in handler, target.End, out handle);
}
