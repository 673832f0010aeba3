namespace Gain.Mail;

/// <summary>
/// A mailbox for several protocols, whose messages may be of different types: each type has an array of its
/// own beside the commands, and the commands, with their one order, hold for all.
/// </summary>
/// <param name="capacity">How many commands may wait.</param>
/// <param name="memory">The memory of posted bytes.</param>
/// <param name="lanes">For each part of the protocol where its messages lie; null for none.</param>
/// <param name="partOf">For each of the server's addresses, which part serves it.</param>
internal sealed class LanedMailbox(int capacity, PostedMemory memory, MessageLane?[] lanes, byte[] partOf)
    : Mailbox(capacity, memory)
{
    // By place: the address of the connection that the message there is for.
    private readonly byte[] _addresses = new byte[capacity];

    /// <summary>
    /// Where messages lie that are for connections that came in by an address; null for nowhere.
    /// </summary>
    public MessageLane? LaneOf(byte address) => lanes[partOf[address]];

    public override Type? MessageTypeAt(byte address) => LaneOf(address)?.MessageType;

    /// <summary>
    /// The message that the oldest command carries. The consumer only, until it is released.
    /// </summary>
    public ref readonly TMessage FrontMessage<TMessage>() =>
        ref ((MessageLane<TMessage>)LaneOf(_addresses[Front])!)[Front];

    /// <summary>Posts a command with a copy of a message. Any thread.</summary>
    /// <param name="command">The command.</param>
    /// <param name="address">The address by which the connection came in.</param>
    /// <param name="lane">The lane of that address.</param>
    /// <param name="message">The message.</param>
    /// <returns>As <see cref="Mailbox.TryPost"/>.</returns>
    public bool TryPostMessage<TMessage>(
        Command command, byte address, MessageLane<TMessage> lane, in TMessage message)
    {
        // As in Mailbox<TMessage>: read before the place is taken.
        TMessage copy = message;
        if (!TryClaim(out uint position))
        {
            return IsClosed;
        }

        uint place = PlaceOf(position);
        lane[place] = copy;
        _addresses[place] = address;
        Publish(position, command);
        return true;
    }

    protected override void ClearMessage() => LaneOf(_addresses[Front])!.Clear(Front);
}
