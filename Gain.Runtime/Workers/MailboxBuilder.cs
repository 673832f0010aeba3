using System.ComponentModel;
using Gain.Connections;

namespace Gain.Workers;

/// <summary>Makes a worker's mailbox for the type of message that its protocol takes.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class MailboxBuilder
{
    private readonly int _capacity;
    private readonly PostedMemory _memory;
    private Mailbox? _mailbox;

    internal MailboxBuilder(int capacity, PostedMemory memory)
    {
        _capacity = capacity;
        _memory = memory;
    }

    /// <summary>Names the type that <c>OnMessage</c> takes.</summary>
    /// <typeparam name="TMessage">The type.</typeparam>
    public void Carry<TMessage>() => _mailbox = new Mailbox<TMessage>(_capacity, _memory);

    /// <summary>The mailbox, for messages or without any.</summary>
    internal Mailbox Build() => _mailbox ?? new Mailbox(_capacity, _memory);
}
