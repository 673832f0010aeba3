using System.ComponentModel;
using System.Runtime.CompilerServices;
using Gain.Mail;

namespace Gain.CompilerServices;

/// <summary>A message that is being delivered: what generated code takes it from, by its type.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct PostedMessage
{
    private readonly Mailbox _mailbox;

    internal PostedMessage(Mailbox mailbox) => _mailbox = mailbox;

    /// <summary>The message, where it lies until the callback returns.</summary>
    /// <typeparam name="TMessage">The type that the protocol named.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly TMessage Get<TMessage>() => ref _mailbox is Mailbox<TMessage> mailbox
        ? ref mailbox.FrontMessage
        : ref ((LanedMailbox)_mailbox).FrontMessage<TMessage>();
}
