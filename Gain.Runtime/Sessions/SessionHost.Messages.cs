using System.Diagnostics.CodeAnalysis;
using Gain.Slots;

namespace Gain.Sessions;

/// <remarks>Messages that other threads post, and that sessions wait for.</remarks>
internal abstract unsafe partial class SessionHost
{
    private readonly int _maxMessages;

    // By slot; null before a protocol that takes messages has a connection.
    private SessionInbox?[]? _inboxes;

    // By kind, the first one that is free; the others follow by Next.
    private SessionInbox?[] _freeInboxes = [];

    /// <summary>A session's connection has an inbox from now on, with what came before it began.</summary>
    public void OpenInbox<TMessage>(int index) => _ = InboxFor<TMessage>(index);

    /// <summary>A message has come: the session goes on with it, or takes it later.</summary>
    public void DeliverMessage<TMessage>(int index, in TMessage message)
    {
        if (message is null)
        {
            ThrowNullMessage(typeof(TMessage));
        }

        SessionInbox<TMessage> inbox = InboxFor<TMessage>(index);
        if (inbox.Count >= _maxMessages)
        {
            _table.Abort(ref _table[index], CloseReason.InboxLimit);
            return;
        }

        inbox.Add(in message);
        if (Awaits(index, SessionWaitKind.Message))
        {
            Resume(index, true);
        }
    }

    /// <summary>Throws where the session's protocol takes no messages of a type.</summary>
    public void RequireInbox<TMessage>(int index, uint generation)
    {
        Require(index, generation);
        if (InboxOf(index) is not SessionInbox<TMessage>)
        {
            ThrowNoInbox(typeof(TMessage), InboxOf(index)?.MessageType);
        }
    }

    /// <summary>Takes the oldest message of a session. There is one.</summary>
    public TMessage TakeMessage<TMessage>(int index) => ((SessionInbox<TMessage>)InboxOf(index)!).Take();

    private bool HasMessage(int index) => InboxOf(index) is { Count: > 0 };

    private SessionInbox? InboxOf(int index) => _inboxes?[index];

    private SessionInbox<TMessage> InboxFor<TMessage>(int index)
    {
        _inboxes ??= MakeInboxes();
        uint generation = _table[index].Generation;
        SessionInbox? known = _inboxes[index];
        if (known is SessionInbox<TMessage> own && own.Generation == generation)
        {
            return own;
        }

        // What is left is of a connection that ended before its session began.
        CloseInbox(index);
        SessionInbox<TMessage> inbox = RentInbox<TMessage>();
        inbox.Generation = generation;
        _inboxes[index] = inbox;
        return inbox;
    }

    // What was not taken is dropped.
    private void CloseInbox(int index)
    {
        if (InboxOf(index) is not { } inbox)
        {
            return;
        }

        _inboxes![index] = null;
        inbox.Clear();
        if (inbox.Kind >= _freeInboxes.Length)
        {
            MakeInboxRoom(inbox.Kind);
        }

        inbox.Next = _freeInboxes[inbox.Kind];
        _freeInboxes[inbox.Kind] = inbox;
    }

    [AllowAllocation("As many as there are connections at the same time, which are kept.")]
    private SessionInbox<TMessage> RentInbox<TMessage>()
    {
        int kind = SessionInbox<TMessage>.KindOfAll;
        if (kind >= _freeInboxes.Length || _freeInboxes[kind] is not { } free)
        {
            return new SessionInbox<TMessage>();
        }

        _freeInboxes[kind] = free.Next;
        free.Next = null;
        return (SessionInbox<TMessage>)free;
    }

    [AllowAllocation("Once, at the first connection of a protocol that takes messages.")]
    private SessionInbox?[] MakeInboxes() => new SessionInbox?[_table.Capacity];

    [AllowAllocation("Once for each type of messages.")]
    private void MakeInboxRoom(int kind) => Array.Resize(ref _freeInboxes, kind + 1);

    [DoesNotReturn]
    private static void ThrowNullMessage(Type type) => throw new InvalidOperationException(
        $"TryPost was given null as a {type}: for a session null says that no message comes, so post an "
        + "instance that says what is meant.");

    [DoesNotReturn]
    private static void ThrowNoInbox(Type asked, Type? taken) => throw new InvalidOperationException(
        taken is null
            ? $"Message was awaited for a {asked}, and the session's protocol takes none: declare "
                + $"[SessionMessage<{asked.Name}>] on it."
            : $"Message was awaited for a {asked}, and the session's protocol takes a {taken}: await "
                + "exactly that type.");
}
