using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Gain.Slots;

namespace Gain.Sessions;

/// <remarks>What sessions await of their connections, and what comes of it.</remarks>
internal abstract unsafe partial class SessionHost
{
    // What has come, for as long as the session that was resumed with it runs.
    // SAFETY: received bytes, a carry, or a layer's window: native or pinned, and the worker's until the
    // delivery returns, which is when this is taken back.
    private byte* _data;
    private int _length;
    private int _consumed;
    private int _lentTo = Slot.None;

    // The result of the wait that ended last, until it is taken.
    private bool _result;
    private bool _hasResult;

    // The session that has ended, whose box goes back when it has returned.
    private SessionBox? _finished;

    /// <summary>What has come for a session.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> DataOf(int index, uint generation)
    {
        Require(index, generation);
        return index == _lentTo
            ? new ReadOnlySpan<byte>(_data + _consumed, _length - _consumed)
            : default;
    }

    /// <summary>A session takes bytes off the beginning of what has come.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Consume(int index, uint generation, int count)
    {
        Require(index, generation);
        int left = index == _lentTo ? _length - _consumed : 0;
        if ((uint)count > (uint)left)
        {
            ThrowConsumed(count, left);
        }

        _consumed += count;
    }

    /// <summary>Whether a session need not wait.</summary>
    public bool IsReady(int index, uint generation, SessionWaitKind kind)
    {
        Require(index, generation);
        ref SessionState state = ref _states[index];
        if (state.Has(SessionFlags.Over))
        {
            ThrowEnded();
        }

        if (state.Waiting is not null)
        {
            ThrowWaits(state.Kind);
        }

        switch (kind)
        {
            case SessionWaitKind.Drained:
                var connection = new Connection(_writer, ref _table[index]);
                return (!connection.IsCongested || connection.OutboundBytes == 0) && Answer(true);
            case SessionWaitKind.Connect:
                return false;
            case SessionWaitKind.Message when HasMessage(index):
                return Answer(true);
            case SessionWaitKind.Delay or SessionWaitKind.Message:
                return state.Has(SessionFlags.Hastened) && TellOfStop(ref state);
            default:
                if (state.Has(SessionFlags.Framed) != (kind == SessionWaitKind.Frame))
                {
                    ThrowFraming(kind);
                }

                if (state.Has(SessionFlags.Adapted))
                {
                    ThrowAdapted();
                }

                // What was put off comes first.
                return state.Has(SessionFlags.InputEnded | SessionFlags.Stopping)
                    && !state.Has(SessionFlags.PutOff)
                    && TellOfEnd(index, ref state);
        }
    }

    /// <summary>A session waits from now on.</summary>
    public void Wait(int index, SessionWaitKind kind, int delayMs, SessionBox box)
    {
        ref SessionState state = ref _states[index];
        if (kind == SessionWaitKind.Delay)
        {
            if (delayMs != SessionWait.Forever)
            {
                _table.SetUserTimer(ref _table[index], delayMs);
            }
        }
        else if (kind is SessionWaitKind.Read or SessionWaitKind.Frame)
        {
            ReadOn(index, ref state);
        }

        state.Waiting = box;
        state.Kind = kind;
    }

    private void ReadOn(int index, ref SessionState state)
    {
        if (state.Has(SessionFlags.PutOff))
        {
            state.Flags &= ~SessionFlags.PutOff;
            _table.ResumeReading(ref _table[index]);
        }
    }

    /// <summary>The result of the wait that has ended.</summary>
    public bool TakeResult()
    {
        if (!_hasResult)
        {
            ThrowNoResult();
        }

        _hasResult = false;
        return _result;
    }

    /// <summary>Whether a session waits for frames; if not, what comes is put off until it does.</summary>
    public bool AwaitsFrame(int index)
    {
        if (Awaits(index, SessionWaitKind.Frame))
        {
            return true;
        }

        PutOff(index);
        return false;
    }

    /// <summary>A frame was handled: whether the next may be.</summary>
    /// <param name="index">The slot.</param>
    /// <param name="mayGoOn">Whether the connection lets it.</param>
    /// <param name="left">The bytes behind it.</param>
    public bool HandledOne(int index, bool mayGoOn, int left)
    {
        if (mayGoOn && Awaits(index, SessionWaitKind.Frame))
        {
            return true;
        }

        if (left != 0 && !Awaits(index, SessionWaitKind.Frame))
        {
            PutOff(index);
        }

        return false;
    }

    /// <summary>Bytes have come.</summary>
    /// <returns>How many of them are consumed.</returns>
    public int Deliver(int index, ReadOnlySpan<byte> data)
    {
        if (!Awaits(index, SessionWaitKind.Read))
        {
            if (AdapterOf(index) is { } adapter)
            {
                return adapter.Deliver(data);
            }

            PutOff(index);
            return 0;
        }

        ResumeWith(index, data, true);
        return _consumed;
    }

    /// <summary>A frame has come, and the session waits for it.</summary>
    public void DeliverFrame(int index, ReadOnlySpan<byte> frame) => ResumeWith(index, frame, true);

    /// <summary>The peer's FIN has come.</summary>
    /// <param name="index">The slot.</param>
    /// <param name="rest">What was received and not consumed.</param>
    public void EndInput(int index, ReadOnlySpan<byte> rest)
    {
        ref SessionState state = ref _states[index];
        state.Flags |= SessionFlags.InputEnded;
        if (Awaits(index, SessionWaitKind.Read) || Awaits(index, SessionWaitKind.Frame))
        {
            state.Flags |= SessionFlags.ToldOfEnd;
            ResumeWith(index, state.Has(SessionFlags.Framed) ? default : rest, false);
        }
        else
        {
            AdapterOf(index)?.EndInput();
        }
    }

    /// <summary>Something else has come.</summary>
    public void Complete(int index, SessionWaitKind kind)
    {
        if (kind == SessionWaitKind.Drained)
        {
            AdapterOf(index)?.Drained();
        }

        if (Awaits(index, kind))
        {
            Resume(index, true);
        }
    }

    /// <summary>The connection is over.</summary>
    public void End(int index)
    {
        ref SessionState state = ref _states[index];
        state.Flags |= SessionFlags.Over;
        _mayStart = false;
        try
        {
            if (state.Has(SessionFlags.Adapted))
            {
                EndAdapter(index, $"The connection is over: {_table[index].Reason}.");
            }

            if (state.Waiting is not null)
            {
                Resume(index, false);
            }
        }
        finally
        {
            _states[index] = default;
            CloseInbox(index);
        }
    }

    /// <summary>The server stops, and what had arrived for a session was delivered.</summary>
    /// <returns>Whether there is a session, which closes the connection itself.</returns>
    public bool TryStop(int index)
    {
        ref SessionState state = ref _states[index];
        if (!state.Has(SessionFlags.Live))
        {
            return false;
        }

        state.Flags |= SessionFlags.Stopping;
        AdapterOf(index)?.NoteStop();
        if (state.Kind is SessionWaitKind.Read or SessionWaitKind.Frame)
        {
            state.Flags |= SessionFlags.ToldOfEnd;
            EndWait(ref state);
        }

        return true;
    }

    /// <summary>The server stops: a delay ends, as does the wait for a message, and there is none from now
    /// on.</summary>
    public void Hasten(int index)
    {
        ref SessionState state = ref _states[index];
        if (state.Has(SessionFlags.Live) && !state.Has(SessionFlags.Hastened))
        {
            state.Flags |= SessionFlags.Hastened;
            if (state.Kind is SessionWaitKind.Delay or SessionWaitKind.Message)
            {
                _table.CancelTimer(index, SlotTimer.User);
                state.Flags |= SessionFlags.ToldOfStop;
                EndWait(ref state);
            }
        }
    }

    // With false, later in the turn: who calls has others to tell.
    private void EndWait(ref SessionState state)
    {
        SessionBox box = state.Waiting!;
        state.Waiting = null;
        state.Kind = SessionWaitKind.None;
        box.IsEndDue = true;
        AddReady(box);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Awaits(int index, SessionWaitKind kind) => _states[index].Kind == kind;

    // The session is busy with something else: what has come is kept, and TCP holds back the rest.
    private void PutOff(int index)
    {
        ref SessionState state = ref _states[index];
        if (state.Has(SessionFlags.Live))
        {
            state.Flags |= SessionFlags.PutOff;
            _table.PauseReading(ref _table[index]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ResumeWith(int index, ReadOnlySpan<byte> data, bool result)
    {
        _data = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(data));
        _length = data.Length;
        _consumed = 0;
        _lentTo = index;
        Resume(index, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Resume(int index, bool result)
    {
        ref SessionState state = ref _states[index];
        SessionBox box = state.Waiting!;
        state.Waiting = null;
        state.Kind = SessionWaitKind.None;
        _result = result;
        _hasResult = true;
        Run(box);
    }

    // One after the other, and not one in the other: however many messages are there, and however many parts
    // end at one of them, the stack is as deep as for one.
    private void Run(SessionBox first)
    {
        SessionBox? next = first;
        do
        {
            Resumed = null;
            _slot = next.Slot;
            _generation = next.Generation;
            next.MoveNext();
            next = Resumed;
        }
        while (next is not null);
        EndRun();
    }

    private void EndRun()
    {
        _slot = Slot.None;
        _lentTo = Slot.None;
        _hasResult = false;
        if (_finished is not null || _fault is not null)
        {
            EndSession();
        }
    }

    private void EndSession()
    {
        if (_finished is { } box)
        {
            _finished = null;
            Pool(box);
        }

        if (_fault is { } fault)
        {
            _fault = null;
            ExceptionDispatchInfo.Throw(fault);
        }
    }

    private bool Answer(bool result)
    {
        _result = result;
        _hasResult = true;
        return true;
    }

    private bool TellOfStop(ref SessionState state)
    {
        if (state.Has(SessionFlags.ToldOfStop))
        {
            throw new SessionEndedException(
                "Delay or Message was awaited after one of them had told of the stop: the server waits for "
                + "the session to return.");
        }

        state.Flags |= SessionFlags.ToldOfStop;
        return Answer(false);
    }

    private bool TellOfEnd(int index, ref SessionState state)
    {
        if (state.Has(SessionFlags.ToldOfEnd))
        {
            throw new SessionEndedException(
                "Read or Frame was awaited after it was false: nothing more comes of this connection.");
        }

        state.Flags |= SessionFlags.ToldOfEnd;
        if (!state.Has(SessionFlags.Framed) && index != _lentTo)
        {
            ReadOnlySpan<byte> rest = _table[index].Inbound.Span;
            _data = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(rest));
            _length = rest.Length;
            _consumed = 0;
            _lentTo = index;
        }

        return Answer(false);
    }

    [DoesNotReturn]
    private static void ThrowNoResult() => throw new InvalidOperationException(
        "The result of a wait was asked for and is not there: await it, as a worker cannot stand still.");

    [DoesNotReturn]
    private static void ThrowWaits(SessionWaitKind kind) => throw new InvalidOperationException(
        $"The session awaits {kind} already: a connection has one wait at a time, so await one before the "
        + "next.");

    [DoesNotReturn]
    private static void ThrowFraming(SessionWaitKind kind) => throw new InvalidOperationException(
        kind == SessionWaitKind.Frame
            ? "Frame was awaited, and no attribute of the protocol says where a frame ends: await Read, or "
                + "declare a framing."
            : "Read was awaited, and the protocol declares a framing: await Frame.");

    [DoesNotReturn]
    private static void ThrowConsumed(int count, int left) => throw new ArgumentOutOfRangeException(
        nameof(count), count, $"Data has {left} bytes: Consume takes 0 to {left}.");
}
