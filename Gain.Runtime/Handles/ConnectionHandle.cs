using Gain.Mail;
using Gain.Slots;
using Gain.Writing;

namespace Gain;

/// <summary>
/// Names a connection by worker, slot and generation. It can be kept for any time and used on any thread.
/// When the connection is gone, calls on the handle do nothing, also after another connection took its slot.
/// </summary>
public readonly struct ConnectionHandle : IEquatable<ConnectionHandle>
{
    private readonly Mailbox? _mailbox;

    //  31               24 23                                     0
    // +-------------------+----------------------------------------+
    // | server's address  |                  slot                  |
    // +-------------------+----------------------------------------+
    private readonly uint _place;
    private readonly uint _generation;

    private const int SlotBits = 24;

    internal ConnectionHandle(Mailbox mailbox, int slot, byte address, uint generation)
    {
        _mailbox = mailbox;
        _place = (uint)address << SlotBits | (uint)slot;
        _generation = generation;
    }

    /// <summary>Whether it is of the worker with a mailbox, and of which slot's connection.</summary>
    internal bool IsOf(Mailbox mailbox, out int slot, out uint generation)
    {
        slot = Slot;
        generation = _generation;
        return ReferenceEquals(mailbox, _mailbox);
    }

    /// <summary>Asks for <see cref="Connection.Close"/>. Any thread.</summary>
    /// <returns>
    /// Whether the request was posted: false when the worker's mailbox is full (try again later), or when the
    /// handle is the default value. It is not a failure when the connection is gone.
    /// </returns>
    [AllocationFree]
    public bool TryClose() => Post(Command.Close(Slot, _generation));

    /// <summary>Asks for <see cref="Connection.Abort"/>. Any thread.</summary>
    /// <returns>As <see cref="TryClose"/>.</returns>
    [AllocationFree]
    public bool TryAbort() => Post(Command.Abort(Slot, _generation));

    /// <summary>Asks for <see cref="Connection.ResumeReading"/>. Any thread.</summary>
    /// <returns>As <see cref="TryClose"/>.</returns>
    [AllocationFree]
    public bool TryResumeReading() => Post(Command.ResumeReading(Slot, _generation));

    /// <summary>
    /// Copies bytes and asks for <see cref="Connection.Send"/>. Any thread, the connection's worker included.
    /// </summary>
    /// <param name="data">The bytes. None: nothing is posted.</param>
    /// <returns>
    /// Whether the bytes were posted; if not, the other overload says why. When the connection is gone or
    /// closing by the time the worker comes to them, they are dropped, which does not count as a failure.
    /// </returns>
    /// <remarks>
    /// <para>
    /// Requests that one thread makes of a connection, by any member of its handle, are carried out in order.
    /// In a callback of the connection's worker they are also in order with what the callback writes by <see
    /// cref="Connection.Send"/>, unless it has posted something else by a handle before. The copy is native
    /// memory, which is freed whatever becomes of the connection and the server.
    /// </para>
    /// <para>
    /// Writing has the limits of <see cref="Connection.Send"/>: beyond
    /// <c>GainOptions.Limits.MaxOutboundBytes</c> it closes the connection with
    /// <see cref="CloseReason.OutboundLimit"/>. So a thread that sends without end to a client that does not
    /// read loses that client, and not the server's memory.
    /// </para>
    /// </remarks>
    [AllocationFree]
    public bool TrySend(ReadOnlySpan<byte> data) => TrySend(data, out _);

    /// <summary>Like the other overload, but says why bytes were not posted.</summary>
    /// <param name="data">The bytes. None: nothing is posted.</param>
    /// <param name="failure">Why not; <see cref="PostFailure.None"/> when they were.</param>
    /// <returns>Whether they were posted.</returns>
    [AllocationFree]
    public bool TrySend(ReadOnlySpan<byte> data, out PostFailure failure)
    {
        if (_mailbox is null)
        {
            failure = PostFailure.NoConnection;
            return false;
        }

        return TryWriteHere(data, out failure)
            || (_mailbox.TryPostBytes(Command.Send(Slot, _generation), data, out failure) && NotePost());
    }

    /// <summary>Like <see cref="TrySend(ReadOnlySpan{byte}, out PostFailure)"/>, of an answer that is
    /// due.</summary>
    internal bool TryPostAnswer(ReadOnlySpan<byte> head, ReadOnlySpan<byte> data, out PostFailure failure) =>
        _mailbox!.TryPostBytes(Command.Answer(Slot, _generation), head, data, out failure) && NotePost();

    /// <summary>
    /// Writes at once, in a callback of the connection's own worker: there it is in order with what the
    /// callback writes itself.
    /// </summary>
    internal bool TryWriteHere(ReadOnlySpan<byte> data, out PostFailure failure)
    {
        failure = PostFailure.None;
        return ConnectionWriter.Current is { } writer
            && writer.TryWriteHere(_mailbox!, Slot, _generation, data);
    }

    /// <summary>
    /// Posts a message for the connection's <c>OnMessage</c>, which is called on the worker's thread, or for
    /// its session, which awaits it (<c>[SessionMessage]</c>). Any thread, the connection's worker included.
    /// </summary>
    /// <typeparam name="TMessage">
    /// Exactly the type that <c>OnMessage</c> or the session takes. For an object of a derived class, name
    /// the base type: <c>TryPost&lt;Base&gt;(derived)</c>.
    /// </typeparam>
    /// <param name="message">
    /// The message; copied. Do not change what it refers to anymore. The references are released after
    /// delivery.
    /// </param>
    /// <returns>
    /// Whether it was posted: false when the worker's mailbox is full (try again later), or when the handle
    /// is the default value. When the connection is gone or closing by the time the worker comes to the
    /// message, it is dropped, which does not count as a failure.
    /// </returns>
    /// <remarks>
    /// Messages arrive in the order of posting, as with <see cref="TrySend(ReadOnlySpan{byte})"/>. A message
    /// that was posted before <c>GainServer.StopAsync</c> was called is delivered; a later one is delivered
    /// as long as the connection lives. A message that is a struct costs no memory.
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// The protocol takes no messages, or those of another type; the text names both.
    /// </exception>
    [AllocationFree]
    public bool TryPost<TMessage>(in TMessage message)
    {
        bool isPosted = _mailbox is Mailbox<TMessage> mailbox
            ? mailbox.TryPostMessage(Command.Message(Slot, _generation), in message)
            : _mailbox is not null && TryPostToLane(_mailbox, in message);
        return isPosted && NotePost();
    }

    /// <inheritdoc/>
    [AllocationFree]
    public bool Equals(ConnectionHandle other) =>
        ReferenceEquals(_mailbox, other._mailbox)
        && _place == other._place
        && _generation == other._generation;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ConnectionHandle other && Equals(other);

    /// <inheritdoc/>
    [AllocationFree]
    public override int GetHashCode() => HashCode.Combine(_place, _generation);

    /// <summary>Whether both name the same connection.</summary>
    [AllocationFree]
    public static bool operator ==(ConnectionHandle left, ConnectionHandle right) => left.Equals(right);

    /// <summary>Whether the two name different connections.</summary>
    [AllocationFree]
    public static bool operator !=(ConnectionHandle left, ConnectionHandle right) => !left.Equals(right);

    private int Slot => (int)(_place & ((1u << SlotBits) - 1));

    private bool Post(Command command) => _mailbox is not null && _mailbox.TryPost(command) && NotePost();

    private bool NotePost()
    {
        ConnectionWriter.Current?.NoteOwnPost(_mailbox!);
        return true;
    }

    // The server has several protocols, which may take messages of different types, or it is the wrong type.
    private bool TryPostToLane<TMessage>(Mailbox mailbox, in TMessage message)
    {
        byte address = (byte)(_place >> SlotBits);
        if (mailbox is LanedMailbox laned && laned.LaneOf(address) is MessageLane<TMessage> lane)
        {
            return laned.TryPostMessage(Command.Message(Slot, _generation), address, lane, in message);
        }

        throw WrongType(typeof(TMessage), mailbox.MessageTypeAt(address));
    }

    private static InvalidOperationException WrongType(Type posted, Type? taken) => new(
        taken is null
            ? $"TryPost was given a {posted}, but the connection's protocol declares no OnMessage for it: "
                + $"add void OnMessage(Connection connection, {posted.Name} message), or "
                + $"[SessionMessage<{posted.Name}>] where its session awaits them."
            : $"TryPost was given a {posted}, but the connection's protocol takes a "
                + $"{taken}: post exactly that type, by TryPost<T> where a variable has another one.");
}
