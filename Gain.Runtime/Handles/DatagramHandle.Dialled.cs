using Gain.Datagrams;
using Gain.Mail;
using Gain.Slots;
using Gain.Sockets;

namespace Gain;

/// <remarks>Sockets that were dialled.</remarks>
public readonly partial struct DatagramHandle
{
    private static readonly byte[] s_head = [0];

    /// <summary>
    /// Whether the socket was dialled and has not ended; true for a listener's. Any thread: by the time that
    /// it is looked at it may have ended.
    /// </summary>
    [AllocationFree]
    public bool IsOpen => _socket is not null && _socket.Generation == _generation;

    /// <summary>Whether the socket was dialled, and so has a peer to send to.</summary>
    [AllocationFree]
    public bool IsConnected => _socket is { IsDialled: true };

    /// <summary>
    /// Copies a datagram and has the socket's worker send it to the peer of a socket that was dialled. Any
    /// thread. What is sent before the socket is open waits for that.
    /// </summary>
    /// <param name="data">The bytes; none is a datagram as well.</param>
    /// <returns>Whether it was posted; if not, the other overload says why.</returns>
    /// <remarks>As for <see cref="TrySendTo(GainAddress, ReadOnlySpan{byte})"/>.</remarks>
    [AllocationFree]
    public bool TrySend(ReadOnlySpan<byte> data) => TrySend(data, out _);

    /// <summary>Like the other overload, but says why a datagram was not posted.</summary>
    /// <param name="data">The bytes; none is a datagram as well.</param>
    /// <param name="failure">
    /// Why not: <see cref="DatagramFailure.NotConnected"/> for a listener's socket, <see
    /// cref="DatagramFailure.Closed"/> for one that has ended; <see cref="DatagramFailure.None"/> when it
    /// was.
    /// </param>
    /// <returns>Whether it was posted. One that ends before its worker comes to it drops it.</returns>
    [AllocationFree]
    public bool TrySend(ReadOnlySpan<byte> data, out DatagramFailure failure)
    {
        failure = _socket is null ? DatagramFailure.NoAddress
            : !_socket.IsDialled ? DatagramFailure.NotConnected
            : !IsOpen ? DatagramFailure.Closed
            : data.Length > _socket.Traits.MaxBytes ? DatagramFailure.TooLarge
            : DatagramFailure.None;

        // An empty one is posted as well: the byte in front of it sees to that.
        return failure == DatagramFailure.None
            && TryPost(
                _socket!, Command.DatagramToPeer(_socket!.Index, _generation), s_head, data, out failure);
    }

    /// <summary>
    /// Has a socket that was dialled end, behind what this thread has sent by its handle. Any thread.
    /// <c>OnDatagramClosed</c> follows with <see cref="DatagramEndReason.Local"/>; nothing is delivered in
    /// between.
    /// </summary>
    /// <returns>
    /// Whether it was posted: false when the worker's mailbox is full (try again later), the socket has ended
    /// already, or is a listener's, which <c>server.StopListeningAsync</c> closes.
    /// </returns>
    [AllocationFree]
    public bool TryClose() => IsConnected && IsOpen
        && _socket!.Table.Mailbox.TryPost(Command.CloseDatagrams(_socket.Index, _generation));

    /// <summary>Begins a socket of a worker's, in one of its callbacks.</summary>
    internal static bool TryDial<THandler>(
        SlotTable table, in THandler handler, in RemoteEnd target, out DatagramHandle handle)
        where THandler : struct
    {
        OutgoingDoor door = table.Outgoing ?? throw new InvalidOperationException(
            $"{typeof(THandler).Name} was dialled with, and the server was not told that it may dial: add "
            + $".Dial(new {typeof(THandler).Name}()) where it is built.");
        bool isBegun = door.TryDialDatagram(
            in handler, isGiven: true, in target, waiter: null, out DatagramPlace? place);
        handle = isBegun ? new DatagramHandle((DatagramSocket)place!) : default;
        return isBegun;
    }
}
