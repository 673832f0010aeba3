using System.ComponentModel;
using Gain.Mail;

namespace Gain.CompilerServices;

/// <summary>Makes a worker's mailbox for the types of messages that its protocol takes.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class MailboxBuilder
{
    private readonly int _capacity;
    private readonly PostedMemory _memory;
    private readonly int _parts;
    private readonly byte[] _partOf;

    // The mailbox is for a protocol that is one; the lanes are those of several.
    private readonly List<MessageLane?> _lanes = [null];
    private Mailbox? _mailbox;

    internal MailboxBuilder(int capacity, PostedMemory memory, int parts, byte[] partOf)
    {
        _capacity = capacity;
        _memory = memory;
        _parts = parts;
        _partOf = partOf;
    }

    /// <summary>Names the type that <c>OnMessage</c> takes.</summary>
    /// <typeparam name="TMessage">The type.</typeparam>
    public void Carry<TMessage>()
    {
        if (_parts == 1)
        {
            _mailbox = new Mailbox<TMessage>(_capacity, _memory);
            return;
        }

        _lanes[^1] = _lanes.OfType<MessageLane<TMessage>>().FirstOrDefault()
            ?? new MessageLane<TMessage>(_capacity);
    }

    /// <summary>The type named from now on is that of the protocol's next part.</summary>
    internal void BeginPart() => _lanes.Add(null);

    /// <summary>The mailbox, for messages or without any.</summary>
    internal Mailbox Build()
    {
        if (_lanes.TrueForAll(lane => lane is null))
        {
            return _mailbox ?? new Mailbox(_capacity, _memory);
        }

        return new LanedMailbox(_capacity, _memory, [.. _lanes], _partOf);
    }
}
