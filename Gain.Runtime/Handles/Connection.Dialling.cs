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

    internal bool TryDial<THandler>(in THandler handler, in RemoteEnd target, out ConnectionHandle handle)
        where THandler : struct
    {
        OutgoingDoor door = Table.Outgoing ?? throw new InvalidOperationException(
            $"{typeof(THandler).Name} was dialled with, and the server was not told that it may dial: add "
            + $".Dial(new {typeof(THandler).Name}()) where it is built.");
        bool isBegun = door.TryDial(in handler, isGiven: true, in target, out int index);
        handle = isBegun
            ? new ConnectionHandle(Table.Mailbox, index, Table[index].Address, Table[index].Generation)
            : default;
        return isBegun;
    }
}
