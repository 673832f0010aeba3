using Gain.Slots;

namespace Gain.Mail;

/// <remarks>What commands carry, and the mailbox's end, after which nothing is carried anymore.</remarks>
internal unsafe partial class Mailbox
{
    private readonly PostedMemory _memory;

    // The blocks of the commands that carry bytes.
    private readonly nint[] _blocks;
    private Action<int>? _dropSocket;
    private int _closed;

    /// <summary>The memory that the commands' bytes are in.</summary>
    public PostedMemory Memory => _memory;

    /// <summary>
    /// The type of the messages that commands may carry to connections that came in by an address of the
    /// server's; null for none.
    /// </summary>
    public virtual Type? MessageTypeAt(byte address) => null;

    /// <summary>Whether the worker has ended.</summary>
    protected bool IsClosed => Volatile.Read(ref _closed) != 0;

    /// <summary>Whether no command can be posted just now.</summary>
    private bool IsFull
    {
        get
        {
            uint position = Volatile.Read(ref _tail);
            return (int)(Volatile.Read(ref _cells[position & _mask].Sequence) - position) < 0;
        }
    }

    /// <summary>Posts a command with a copy of some bytes. Any thread.</summary>
    /// <returns>As <see cref="TryPost"/>.</returns>
    // SAFETY: the block is the poster's until it is published, then the worker's, which frees it.
    public bool TryPostBytes(Command command, ReadOnlySpan<byte> data, out PostFailure failure) =>
        TryPostBytes(command, default, data, out failure);

    /// <summary>Like the other overload, for bytes that lie in two places.</summary>
    // SAFETY: as for the other overload.
    public bool TryPostBytes(
        Command command, ReadOnlySpan<byte> head, ReadOnlySpan<byte> data, out PostFailure failure)
    {
        failure = PostFailure.None;
        if ((head.IsEmpty && data.IsEmpty) || IsClosed)
        {
            return true;
        }

        // Before the copy, so that who tries again and again does not copy each time.
        if (IsFull)
        {
            failure = IsClosed ? PostFailure.None : PostFailure.MailboxFull;
            return failure == PostFailure.None;
        }

        byte* block = _memory.TryCopy(head, data, out failure);
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
        Publish(position, command);
        return true;
    }

    /// <summary>The bytes that the oldest command carries. The consumer only, until it is released.</summary>
    // SAFETY: the block is in its place until the command is released, and not freed before.
    public ReadOnlySpan<byte> FrontBytes => PostedMemory.BytesOf((byte*)_blocks[Front]);

    /// <summary>Says what becomes of sockets that wait when the mailbox ends; before the first one.</summary>
    public void AttachSockets(Action<int> drop) => _dropSocket = drop;

    /// <summary>
    /// Posts an accepted socket, which is the worker's from then on. The worker has to be woken yet: see
    /// <see cref="TakeSleeper"/>. Any thread.
    /// </summary>
    /// <param name="socket">Its descriptor.</param>
    /// <param name="origin">Where it was accepted.</param>
    /// <returns>False when the mailbox is full or has ended: the socket stays the caller's.</returns>
    public bool TryPostSocket(int socket, Origin origin)
    {
        if (!TryClaim(out uint position))
        {
            return false;
        }

        PublishQuietly(position, Command.Accepted(socket, origin));
        return true;
    }

    /// <summary>
    /// Ends the mailbox: drops what waits, and takes every place for good, so that a thread that posts from
    /// now on finds none, whatever it was in the middle of. The consumer only; again without effect.
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
            // A command to nobody, published without a wake-up: this is who would be woken.
            PublishQuietly(position, default);
        }

        while (_head != end)
        {
            DropFront();
        }
    }

    /// <summary>Clears the oldest command's message, so that nothing keeps what it refers to.</summary>
    protected virtual void ClearMessage()
    {
    }

    // As Release, but that the place stays taken. Who claimed it is about to publish it.
    private void DropFront()
    {
        var spin = new SpinWait();
        Command command;
        while (!TryPeek(out command))
        {
            spin.SpinOnce();
        }

        if (command.Kind == CommandKind.Accepted)
        {
            _dropSocket?.Invoke(command.Socket);
        }

        DropCarried(command.Kind);
        _head++;
    }

    // SAFETY: the command is the oldest, and its block is freed once: the place is released, or closed, next.
    private void DropCarried(CommandKind kind)
    {
        if (kind is CommandKind.Send or CommandKind.Answer or CommandKind.Datagram
            or CommandKind.DatagramToPeer)
        {
            _memory.Free((byte*)_blocks[Front]);
            _blocks[Front] = 0;
        }
        else if (kind == CommandKind.Message)
        {
            ClearMessage();
        }
    }
}
