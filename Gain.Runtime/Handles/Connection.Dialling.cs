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

    internal bool TryDial<THandler>(in THandler handler, in RemoteEnd target, out ConnectionHandle handle)
        where THandler : struct =>
        TryDial(in handler, isGiven: true, in target, waiter: null, out handle);

    /// <param name="handler">What serves it; the prototype that was registered if it is not given.</param>
    /// <param name="isGiven">Whether it is.</param>
    /// <param name="target">Where to.</param>
    /// <param name="waiter">Who is told how it ends; null for nobody.</param>
    /// <param name="handle">The connection, if it is begun.</param>
    internal bool TryDial<THandler>(
        in THandler handler,
        bool isGiven,
        in RemoteEnd target,
        DialWaiter? waiter,
        out ConnectionHandle handle)
        where THandler : struct
    {
        OutgoingDoor door = Table.Outgoing ?? throw new InvalidOperationException(
            $"{typeof(THandler).Name} was dialled with, and the server was not told that it may dial: add "
            + $".Dial(new {typeof(THandler).Name}()) where it is built.");
        bool isBegun = door.TryDial(in handler, isGiven, in target, out int index);
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
