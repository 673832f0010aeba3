using Gain.CompilerServices;

namespace Gain;

/// <summary>Dialling sockets for datagrams in callbacks.</summary>
public static class DatagramDialling
{
    /// <summary>
    /// Opens a socket of its own that is connected to a target, on the same worker: the kernel takes
    /// datagrams of this peer alone, and tells of ICMP errors. What is sent by its handle before it is open
    /// waits. <c>OnDatagram</c> of its handler gets what the peer sends, and <c>OnDatagramClosed</c> is
    /// called once, at its end or when it cannot be opened: never within this call.
    /// </summary>
    /// <typeparam name="THandler">
    /// A protocol with <c>OnDatagram</c> that was given to <c>GainServerBuilder.Dial</c>.
    /// </typeparam>
    /// <param name="connection">A connection of the worker, that of the callback.</param>
    /// <param name="handler">What serves it: a copy that is its own.</param>
    /// <param name="target">Where to: an IP address, from <c>udp://</c> or a
    /// <see cref="GainAddress"/>.</param>
    /// <returns>The socket's handle, of use at once.</returns>
    /// <remarks>
    /// Allocates nothing, except where more sockets of a worker are open than ever before. It counts for
    /// <c>GainOptions.Datagrams.MaxDialledPerWorker</c>, and not for connections.
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// The type was not given to <c>GainServerBuilder.Dial</c>, or has no <c>OnDatagram</c>; the target is
    /// not for datagrams, or a name, which <c>DialDatagramAsync</c> looks up; or as many sockets are open as
    /// may be, or the server stops: <c>TryDialDatagram</c> tells these two instead.
    /// </exception>
    [AllocationFree]
    public static DatagramHandle DialDatagram<THandler>(
        this Connection connection, in THandler handler, DialTarget target)
        where THandler : struct, IProtocol<THandler> =>
        connection.TryDialDatagram(in handler, target, out DatagramHandle handle)
            ? handle
            : throw AtLimit(connection.WorkerIndex, target);

    /// <summary>As the other, in <c>OnDatagram</c>.</summary>
    /// <typeparam name="THandler">As for the other.</typeparam>
    /// <param name="datagram">A datagram of the worker, that of the callback.</param>
    /// <param name="handler">As for the other.</param>
    /// <param name="target">As for the other.</param>
    /// <returns>As for the other.</returns>
    /// <exception cref="InvalidOperationException">As for the other.</exception>
    [AllocationFree]
    public static DatagramHandle DialDatagram<THandler>(
        this Datagram datagram, in THandler handler, DialTarget target)
        where THandler : struct, IProtocol<THandler> =>
        datagram.TryDialDatagram(in handler, target, out DatagramHandle handle)
            ? handle
            : throw AtLimit(datagram.WorkerIndex, target);

    /// <summary>As the other, in <c>OnDatagramClosed</c>: the place of what has ended is free.</summary>
    /// <typeparam name="THandler">As for the other.</typeparam>
    /// <param name="end">The end of a socket of the worker, that of the callback.</param>
    /// <param name="handler">As for the other.</param>
    /// <param name="target">As for the other.</param>
    /// <returns>As for the other.</returns>
    /// <exception cref="InvalidOperationException">As for the other.</exception>
    [AllocationFree]
    public static DatagramHandle DialDatagram<THandler>(
        this DatagramEnd end, in THandler handler, DialTarget target)
        where THandler : struct, IProtocol<THandler> =>
        end.TryDialDatagram(in handler, target, out DatagramHandle handle)
            ? handle
            : throw AtLimit(end.WorkerIndex, target);

    /// <summary>As <c>DialDatagram</c>, but false at the limit, or when the server stops.</summary>
    /// <typeparam name="THandler">As for <c>DialDatagram</c>.</typeparam>
    /// <param name="connection">As for <c>DialDatagram</c>.</param>
    /// <param name="handler">As for <c>DialDatagram</c>.</param>
    /// <param name="target">As for <c>DialDatagram</c>.</param>
    /// <param name="handle">The socket's handle; the default value when it was not begun.</param>
    /// <returns>Whether it was begun: then <c>OnDatagramClosed</c> follows once.</returns>
    /// <exception cref="InvalidOperationException">As for <c>DialDatagram</c>, but for the limit and the
    /// stop.</exception>
    [AllocationFree]
    public static bool TryDialDatagram<THandler>(
        this Connection connection, in THandler handler, DialTarget target, out DatagramHandle handle)
        where THandler : struct, IProtocol<THandler> =>
        connection.TryDialSocket(in handler, target.End, out handle);

    /// <summary>As the other, in <c>OnDatagram</c>.</summary>
    /// <typeparam name="THandler">As for <c>DialDatagram</c>.</typeparam>
    /// <param name="datagram">As for <c>DialDatagram</c>.</param>
    /// <param name="handler">As for <c>DialDatagram</c>.</param>
    /// <param name="target">As for <c>DialDatagram</c>.</param>
    /// <param name="handle">As for the other.</param>
    /// <returns>As for the other.</returns>
    /// <exception cref="InvalidOperationException">As for the other.</exception>
    [AllocationFree]
    public static bool TryDialDatagram<THandler>(
        this Datagram datagram, in THandler handler, DialTarget target, out DatagramHandle handle)
        where THandler : struct, IProtocol<THandler> =>
        datagram.TryDialSocket(in handler, target.End, out handle);

    /// <summary>As the other, in <c>OnDatagramClosed</c>.</summary>
    /// <typeparam name="THandler">As for <c>DialDatagram</c>.</typeparam>
    /// <param name="end">As for <c>DialDatagram</c>.</param>
    /// <param name="handler">As for <c>DialDatagram</c>.</param>
    /// <param name="target">As for <c>DialDatagram</c>.</param>
    /// <param name="handle">As for the other.</param>
    /// <returns>As for the other.</returns>
    /// <exception cref="InvalidOperationException">As for the other.</exception>
    [AllocationFree]
    public static bool TryDialDatagram<THandler>(
        this DatagramEnd end, in THandler handler, DialTarget target, out DatagramHandle handle)
        where THandler : struct, IProtocol<THandler> =>
        end.TryDialSocket(in handler, target.End, out handle);

    private static InvalidOperationException AtLimit(int worker, DialTarget target) => new(
        $"Worker {worker} cannot dial {target}: as many sockets for datagrams are open as "
        + "GainOptions.Datagrams.MaxDialledPerWorker allows, or the server stops: TryDialDatagram tells it.");
}
