namespace Gain.Mail;

/// <summary>Where messages of one type lie in a mailbox that carries several.</summary>
internal abstract class MessageLane
{
    public abstract Type MessageType { get; }

    /// <summary>Clears a place, so that nothing keeps what its message refers to.</summary>
    public abstract void Clear(uint place);
}
