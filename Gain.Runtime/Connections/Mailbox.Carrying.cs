namespace Gain.Connections;

/// <remarks>What letters carry, and the mailbox's end, after which nothing is carried anymore.</remarks>
internal unsafe partial class Mailbox
{
    private readonly PostedMemory _memory;

    // The blocks of the letters that carry bytes.
    private readonly nint[] _blocks;
    private int _closed;

    /// <summary>The memory that the letters' bytes are in.</summary>
    public PostedMemory Memory => _memory;

    /// <summary>
    /// The type of the messages that letters may carry to connections that came in by an address of the
    /// server's; null for none.
    /// </summary>
    public virtual Type? MessageTypeAt(byte address) => null;

    /// <summary>Whether the worker has ended.</summary>
    protected bool IsClosed => Volatile.Read(ref _closed) != 0;

    /// <summary>Whether no letter can be posted just now.</summary>
    private bool IsFull
    {
        get
        {
            uint position = Volatile.Read(ref _tail);
            return (int)(Volatile.Read(ref _cells[position & _mask].Sequence) - position) < 0;
        }
    }

    /// <summary>Posts a letter with a copy of some bytes. Any thread.</summary>
    /// <returns>As <see cref="TryPost"/>.</returns>
    // SAFETY: the block is the poster's until it is published, then the worker's, which frees it.
    public bool TryPostBytes(Mail mail, ReadOnlySpan<byte> data, out PostFailure failure)
    {
        failure = PostFailure.None;
        if (data.IsEmpty || IsClosed)
        {
            return true;
        }

        // Before the copy, so that who tries again and again does not copy each time.
        if (IsFull)
        {
            failure = IsClosed ? PostFailure.None : PostFailure.MailboxFull;
            return failure == PostFailure.None;
        }

        byte* block = _memory.TryCopy(data, out failure);
        if (block is null)
        {
            return false;
        }

        if (!TryClaim(out uint position))
        {
            _memory.Free(block);
            failure = IsClosed ? PostFailure.None : PostFailure.MailboxFull;
            return failure == PostFailure.None;
        }

        _blocks[PlaceOf(position)] = (nint)block;
        Publish(position, mail);
        return true;
    }

    /// <summary>The bytes that the oldest letter carries. The consumer only, until it is released.</summary>
    // SAFETY: the block is in its place until the letter is released, and not freed before.
    public ReadOnlySpan<byte> FrontBytes => PostedMemory.BytesOf((byte*)_blocks[Front]);

    /// <summary>
    /// Ends the mailbox: drops what waits, and takes every place for good, so that whoever posts from now on
    /// finds none, whatever it was in the middle of. The consumer only; again without effect.
    /// </summary>
    public void Close()
    {
        if (IsClosed)
        {
            return;
        }

        Volatile.Write(ref _closed, 1);
        uint end = _head + _mask + 1;
        while (TryClaim(out uint position))
        {
            // A letter to nobody, published without a wake-up: this is who would be woken.
            _cells[position & _mask].Mail = default;
            Volatile.Write(ref _cells[position & _mask].Sequence, position + 1);
        }

        while (_head != end)
        {
            DropFront();
        }
    }

    /// <summary>Clears the oldest letter's message, so that nothing keeps what it refers to.</summary>
    protected virtual void ClearMessage()
    {
    }

    // As Release, but that the place stays taken. Who claimed it is about to publish it.
    private void DropFront()
    {
        var spin = new SpinWait();
        Mail mail;
        while (!TryPeek(out mail))
        {
            spin.SpinOnce();
        }

        DropCarried(mail.Kind);
        _head++;
    }

    // SAFETY: the letter is the oldest, and its block is freed once: the place is released, or closed, next.
    private void DropCarried(MailKind kind)
    {
        if (kind == MailKind.Send)
        {
            _memory.Free((byte*)_blocks[Front]);
            _blocks[Front] = 0;
        }
        else if (kind == MailKind.Message)
        {
            ClearMessage();
        }
    }
}
