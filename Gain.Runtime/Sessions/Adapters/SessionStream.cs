namespace Gain.Sessions;

/// <summary>
/// A session's connection as a <see cref="Stream"/>. Its members may be called on any thread; one read and
/// one write can be under way at a time.
/// </summary>
/// <remarks>
/// What is begun on the worker ends there, and whatever awaits it goes on within the callback. What is begun
/// on another thread goes to the worker by its queue, and whatever awaits it goes on on the thread pool: so
/// nothing that a program does with a stream elsewhere runs on a worker.
/// </remarks>
internal sealed partial class SessionStream : SessionAdapter
{
    private readonly StreamOperation _read;
    private readonly StreamOperation _write;

    // Why nothing more can be asked of it; null while it can.
    private string? _over;
    private bool _isDisposed;

    public SessionStream(SessionHost host, int slot, uint generation)
        : base(host, slot, generation)
    {
        _read = new StreamOperation(this, host, slot, generation, "read");
        _write = new StreamOperation(this, host, slot, generation, "write");
        Face = new StreamFace(this);
    }

    /// <summary>What the session is given.</summary>
    public StreamFace Face { get; }

    /// <summary>Whether the calling thread is the worker's.</summary>
    public bool IsHere => ReferenceEquals(SessionHost.Current, Host);

    /// <summary>Goes on with an operation that another thread has begun.</summary>
    public void Start(StreamOperation operation)
    {
        if (_over is not null)
        {
            operation.TryFail(Ended());
        }
        else if (ReferenceEquals(operation, _read))
        {
            StartRead();
        }
        else
        {
            Pump();
        }
    }

    /// <summary>Ends an operation whose token was cancelled.</summary>
    public void Cancel(StreamOperation operation, CancellationToken token)
    {
        operation.TryFail(new OperationCanceledException(token));
        SettleHold();
    }

    public override void End(string why)
    {
        if (_over is null)
        {
            Volatile.Write(ref _over, why);

            // Pairs with the look in PostOrFail: either that sees it, or this the operation.
            Interlocked.MemoryBarrier();
        }

        base.End(why);
        FailIfPending(_read);
        FailIfPending(_write);
    }

    /// <summary>Closes the connection behind what was written. Any thread.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        if (IsHere)
        {
            DisposeHere();
        }
        else
        {
            Host.Enqueue(new PostedWork(static stream => ((SessionStream)stream!).DisposeHere(), this));
        }
    }

    private void DisposeHere()
    {
        if (_over is null)
        {
            End("The stream was disposed of.");
            Host.CloseOf(Slot, Generation);
        }
    }

    // Where the worker ends, what is sent to it is looked at by nobody.
    private void PostOrFail(StreamOperation operation)
    {
        operation.Post();
        if (Volatile.Read(ref _over) is not null)
        {
            FailIfPending(operation);
        }
    }

    private void FailIfPending(StreamOperation operation)
    {
        if (operation.IsPending)
        {
            operation.TryFail(Ended());
        }
    }

    private Exception? FindEnd() =>
        Volatile.Read(ref _over) is not null || Volatile.Read(ref _isDisposed) ? Ended() : null;

    private Exception Ended()
    {
        string why = Volatile.Read(ref _over) ?? "The stream was disposed of.";
        var inner = new SessionEndedException(why);
        return Volatile.Read(ref _isDisposed)
            ? new ObjectDisposedException(why, inner)
            : new IOException($"{why} Nothing more is read or written.", inner);
    }
}
