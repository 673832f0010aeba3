using System.Runtime.CompilerServices;

namespace Gain.Mail;

/// <summary>Messages of one type. Sealed, so that a cast to it is one comparison.</summary>
internal sealed class MessageLane<TMessage>(int capacity) : MessageLane
{
    private readonly TMessage[] _messages = new TMessage[capacity];

    public override Type MessageType => typeof(TMessage);

    /// <summary>The message at a place of the mailbox, which is its owner's.</summary>
    public ref TMessage this[uint place] => ref _messages[place];

    public override void Clear(uint place)
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<TMessage>())
        {
            _messages[place] = default!;
        }
    }
}
