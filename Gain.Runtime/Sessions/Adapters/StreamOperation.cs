using System.Threading.Tasks.Sources;

namespace Gain.Sessions;

/// <summary>
/// A read or a write of a <see cref="SessionStream"/>: one at a time, and the same object for each. Any
/// thread begins it; whoever claims it first ends it, once.
/// </summary>
internal sealed class StreamOperation(
    SessionStream stream, SessionHost host, int slot, uint generation, string name)
    : AdapterWork(slot, generation), IValueTaskSource<int>, IValueTaskSource
{
    private const int Idle = 0;
    private const int Beginning = 1;
    private const int Pending = 2;
    private const int Claimed = 3;

    // It has ended, and its result was not taken: libraries leave that out where a task is over at once.
    private const int Done = 4;

    private ManualResetValueTaskSourceCore<int> _core;
    private CancellationTokenRegistration _registration;
    private CancellationToken _token;
    private int _state;
    private int _isQueued;

    /// <summary>Where to read to, or what is left to write.</summary>
    public ReadOnlyMemory<byte> Buffer { get; set; }

    /// <summary>What its task is asked with.</summary>
    public short Version => _core.Version;

    /// <summary>Whether it waits. Any thread.</summary>
    public bool IsPending => Volatile.Read(ref _state) == Pending;

    /// <summary>Throws where it is under way.</summary>
    public void DemandIdle()
    {
        if (Volatile.Read(ref _state) is not (Idle or Done))
        {
            ThrowBusy();
        }
    }

    /// <summary>Begins it. Any thread.</summary>
    /// <param name="buffer">Its bytes, which are used until it ends.</param>
    /// <param name="isHere">
    /// Whether the worker's thread begins it: then what awaits it goes on there, otherwise on the thread
    /// pool.
    /// </param>
    public void Begin(ReadOnlyMemory<byte> buffer, bool isHere)
    {
        if (!TryBegin() && (isHere || !TryBeginBehind()))
        {
            ThrowBusy();
        }

        ForgetToken();
        Buffer = buffer;
        _core.Reset();
        _core.RunContinuationsAsynchronously = !isHere;

        // Release: whoever claims it sees its buffer. Pairs with the exchange in TryClaim.
        Volatile.Write(ref _state, Pending);
    }

    /// <summary>Sends it to the worker, which looks at it in <see cref="Run"/>. Any thread.</summary>
    public void Post()
    {
        if (TryQueue())
        {
            host.Enqueue(this);
        }
    }

    /// <summary>As <see cref="Post"/>, on the worker's thread: for later in the turn.</summary>
    public void PostHere()
    {
        if (TryQueue())
        {
            host.EnqueueHere(this);
        }
    }

    /// <summary>Ends it when a token is cancelled, unless it has ended before.</summary>
    public void CancelBy(CancellationToken token)
    {
        if (token.CanBeCanceled)
        {
            _token = token;
            _registration = token.UnsafeRegister(
                static operation => ((StreamOperation)operation!).PostCancel(), this);
        }
    }

    /// <summary>Whether it is the caller who ends it: then it has to.</summary>
    public bool TryClaim() =>
        Interlocked.CompareExchange(ref _state, Claimed, Pending) == Pending;

    /// <summary>Ends it, claimed. Whatever awaits it may go on within the call.</summary>
    public void Complete(int result)
    {
        short version = Version;
        _core.SetResult(result);
        NoteDone(version);
    }

    /// <summary>Ends it, if it is pending.</summary>
    public void TryComplete(int result)
    {
        if (TryClaim())
        {
            Complete(result);
        }
    }

    /// <summary>Ends it, if it is pending.</summary>
    public void TryFail(Exception why)
    {
        if (TryClaim())
        {
            short version = Version;
            _core.SetException(why);
            NoteDone(version);
        }
    }

    // Unless its result was taken, and the next one begun, in the meantime.
    private void NoteDone(short version)
    {
        if (version == Version)
        {
            Interlocked.CompareExchange(ref _state, Done, Claimed);
        }
    }

    public override void Run()
    {
        // A full barrier: an operation that begins now either is seen below, or is queued anew.
        _ = Interlocked.Exchange(ref _isQueued, 0);
        if (IsPending)
        {
            stream.Start(this);
        }
    }

    /// <inheritdoc/>
    public int GetResult(short token)
    {
        // Not for one that has not ended, or not this one: it throws, and nothing has changed.
        if (_core.GetStatus(token) == ValueTaskSourceStatus.Pending)
        {
            return _core.GetResult(token);
        }

        ForgetToken();
        Buffer = default;
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            Volatile.Write(ref _state, Idle);
        }
    }

    void IValueTaskSource.GetResult(short token) => _ = GetResult(token);

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private bool TryBegin() =>
        Interlocked.CompareExchange(ref _state, Beginning, Idle) == Idle
        || Interlocked.CompareExchange(ref _state, Beginning, Done) == Done;

    // Whoever ends the one before has set its result, and is about to note that.
    private bool TryBeginBehind()
    {
        SpinWait wait = default;
        while (Volatile.Read(ref _state) == Claimed
            && _core.GetStatus(_core.Version) != ValueTaskSourceStatus.Pending)
        {
            wait.SpinOnce();
        }

        return TryBegin();
    }

    // Waits for a cancellation that is on its way: it names the operation by its version.
    private void ForgetToken()
    {
        _registration.Dispose();
        _registration = default;
        _token = default;
    }

    private bool TryQueue() => Interlocked.Exchange(ref _isQueued, 1) == 0;

    // On the worker, as bytes may be on their way into the buffer.
    private void PostCancel()
    {
        short version = Version;
        CancellationToken token = _token;
        host.Enqueue(new PostedWork(
            _ =>
            {
                if (version == Version)
                {
                    stream.Cancel(this, token);
                }
            },
            null));
    }

    private void ThrowBusy() => throw new InvalidOperationException(
        $"A {name} of the stream was begun while one is under way: await one before the next.");
}
