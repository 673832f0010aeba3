using System.Runtime.CompilerServices;

namespace Gain.Mail;

/// <summary>
/// A mailbox whose commands may carry messages of one type. Sealed, so that a cast to it is one comparison.
/// </summary>
internal sealed class Mailbox<TMessage>(int capacity, PostedMemory memory) : Mailbox(capacity, memory)
{
    private readonly TMessage[] _messages = new TMessage[capacity];

    public override Type MessageTypeAt(byte address) => typeof(TMessage);

    /// <summary>
    /// The message that the oldest command carries. The consumer only, until it is released.
    /// </summary>
    public ref readonly TMessage FrontMessage => ref _messages[Front];

    /// <summary>Posts a command with a copy of a message. Any thread.</summary>
    /// <returns>As <see cref="Mailbox.TryPost"/>.</returns>
    public bool TryPostMessage(Command command, in TMessage message)
    {
        // Read before the place is taken: a reference to nowhere must not leave it taken.
        TMessage copy = message;
        if (!TryClaim(out uint position))
        {
            return IsClosed;
        }

        _messages[PlaceOf(position)] = copy;
        Publish(position, command);
        return true;
    }

    protected override void ClearMessage()
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<TMessage>())
        {
            _messages[Front] = default!;
        }
    }
}
