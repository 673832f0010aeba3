using Gain.Slots;
using Gain.Sockets;

namespace Gain;

/// <remarks>Other connections of the same worker.</remarks>
public readonly ref partial struct Connection
{
    /// <summary>
    /// Another connection of the same worker, to write to and to close directly: one worker's callbacks never
    /// run at the same time, and what is written goes out when they are over.
    /// </summary>
    /// <param name="handle">Its handle.</param>
    /// <param name="other">
    /// The connection, until the callback returns; the default value if it is not there.
    /// </param>
    /// <returns>
    /// False when it is gone, or another worker's: what is asked of its handle goes by that one's mailbox.
    /// </returns>
    /// <remarks>
    /// It may be one that was dialled and is not up. What was asked of the handle and waits in the mailbox
    /// comes later than what is done here. A frame that is begun on it is to be ended in the same callback.
    /// </remarks>
    [AllocationFree]
    public bool TryBorrow(ConnectionHandle handle, out Connection other)
    {
        bool isHere = handle.IsOf(Table.Mailbox, out int index, out uint generation)
            && (uint)index < (uint)Table.UsedSlots
            && Table[index].Generation == generation
            && Table[index].Fd >= 0;
        other = isHere ? new Connection(Writer, ref Table[index]) : default;
        return isHere;
    }

    /// <summary>
    /// After which time the connection is dialled again (<c>DialOptions.Redial</c>), with a copy of the
    /// handler that it was dialled with; null for never. Set during <c>OnClose</c> and
    /// <c>OnConnectFailed</c> only; <see cref="Close"/> there prevents it.
    /// </summary>
    [AllocationFree]
    public TimeSpan? RedialIn => Table.Outgoing?.RedialIn(Table.IndexOf(ref _slot));

    /// <summary>
    /// Gives a connection that was dialled with <c>DialOptions.Pool</c> back, to be rented by whoever needs
    /// one to the same target on this worker: <c>connection.Rent</c>. For its handler it has ended:
    /// <c>OnClose</c> follows with <see cref="CloseReason.Returned"/>, and its handles name nothing anymore.
    /// </summary>
    /// <remarks>
    /// Do it when the peer has answered all that was asked, and nothing more is to come: bytes that come
    /// before it is rented close it.
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// It cannot be kept: see <see cref="TryReturn"/>. The message says why.
    /// </exception>
    [AllocationFree]
    public void Return()
    {
        if (!TryReturn())
        {
            throw new InvalidOperationException(
                "The connection cannot be returned: "
                + $"{WhyNotReturned() ?? "it is no connection of a pool"}. Close it, or ask TryReturn.");
        }
    }

    /// <summary>As <see cref="Return"/>, but false where that throws.</summary>
    /// <returns>
    /// False when something that was written is not sent yet, it is closing, one of its sides has ended, an
    /// answer is due, it is coupled, it has TLS, or was not dialled with <c>DialOptions.Pool</c>: it stays as
    /// it is.
    /// </returns>
    [AllocationFree]
    public bool TryReturn()
    {
        if (WhyNotReturned() is not null)
        {
            return false;
        }

        Table.Close(ref _slot, CloseReason.Returned);
        return true;
    }

    private string? WhyNotReturned() => Table.Outgoing is { } door
        ? door.WhyNotReturned(Table.IndexOf(ref _slot), ref _slot)
        : "nothing is dialled here";

    internal bool TryDialSocket<THandler>(
        in THandler handler, in RemoteEnd target, out DatagramHandle handle)
        where THandler : struct => DatagramHandle.TryDial(Table, in handler, in target, out handle);

    internal bool TryDial<THandler>(
        in THandler handler, in RemoteEnd target, bool isRented, out ConnectionHandle handle)
        where THandler : struct =>
        TryDial(in handler, isGiven: true, isRented, in target, waiter: null, out handle);

    /// <param name="handler">What serves it; the prototype that was registered if it is not given.</param>
    /// <param name="isGiven">Whether it is.</param>
    /// <param name="isRented">Whether one that is kept will do.</param>
    /// <param name="target">Where to.</param>
    /// <param name="waiter">Who is told how it ends; null for nobody.</param>
    /// <param name="handle">The connection, if it is begun.</param>
    internal bool TryDial<THandler>(
        in THandler handler,
        bool isGiven,
        bool isRented,
        in RemoteEnd target,
        DialWaiter? waiter,
        out ConnectionHandle handle)
        where THandler : struct
    {
        OutgoingDoor door = Table.Outgoing ?? throw new InvalidOperationException(
            $"{typeof(THandler).Name} was dialled with, and the server was not told that it may dial: add "
            + $".Dial(new {typeof(THandler).Name}()) where it is built.");
        bool isBegun = door.TryDial(in handler, isGiven, isRented, in target, out int index);
        handle = isBegun
            ? new ConnectionHandle(Table.Mailbox, index, Table[index].Address, Table[index].Generation)
            : default;
        if (isBegun && waiter is not null)
        {
            door.Await(index, waiter);
        }

        return isBegun;
    }
}
