using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Gain.Slots;
using Gain.Writing;

namespace Gain.Sessions;

/// <summary>
/// The sessions of one worker, by the slots of their connections. The worker calls it where it would call a
/// callback, and whatever waits for that goes on at once, on its stack.
/// </summary>
/// <remarks>The worker's thread alone touches it, but for <see cref="Enqueue"/>.</remarks>
internal abstract unsafe partial class SessionHost
{
    [ThreadStatic]
    private static SessionHost? s_current;

    private readonly ConnectionWriter _writer;
    private readonly SlotTable _table;
    private readonly SessionState[] _states;
    private readonly SessionSynchronizationContext _context;
    private SynchronizationContext? _contextBefore;

    // What is running, so that its boxes know their connection; no slot while nothing is.
    private int _slot = Slot.None;
    private uint _generation;

    // A session is about to begin in that slot.
    private bool _mayStart;

    // What the session that is running has thrown.
    private Exception? _fault;

    protected SessionHost(ConnectionWriter writer, OffloadPool offloads, int maxMessages)
    {
        _writer = writer;
        _offloads = offloads;
        _maxMessages = maxMessages;
        _table = writer.Table;
        _states = new SessionState[_table.Capacity];
        _context = new SessionSynchronizationContext(this);
    }

    /// <summary>The sessions of the worker whose thread calls; null on any other.</summary>
    public static SessionHost? Current => s_current;

    /// <summary>What is resumed when what is running has returned: who awaits it.</summary>
    public SessionBox? Resumed { get; set; }

    /// <summary>The sessions of the worker whose thread calls.</summary>
    public static SessionHost Demand()
    {
        SessionHost? current = s_current;
        if (current is null)
        {
            ThrowNoWorker();
        }

        return current;
    }

    /// <summary>A context's worker, if its thread calls.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SessionHost Of(SessionHost? host)
    {
        if (host is null || !ReferenceEquals(host, s_current))
        {
            ThrowElsewhere(host);
        }

        return host;
    }

    /// <summary>Throws on another thread than the worker's.</summary>
    public void DemandThread() => _ = Of(this);

    /// <summary>Says that the calling thread is the worker's.</summary>
    public void EnterThread()
    {
        s_current = this;
        _contextBefore = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_context);
    }

    /// <summary>The worker has ended.</summary>
    public void LeaveThread()
    {
        if (ReferenceEquals(s_current, this))
        {
            s_current = null;
            SynchronizationContext.SetSynchronizationContext(_contextBefore);
        }
    }

    /// <summary>A connection's session begins.</summary>
    public SessionContext Begin(int index, bool isFramed)
    {
        _states[index] = new SessionState
        {
            Flags = SessionFlags.Live | (isFramed ? SessionFlags.Framed : SessionFlags.None),
        };
        _slot = index;
        _generation = _table[index].Generation;
        _mayStart = true;
        return new SessionContext(this, index, _generation);
    }

    /// <summary>It has begun: it waits, or has ended.</summary>
    public void EndBegin()
    {
        if (_mayStart)
        {
            // A method that is not async, and has returned.
            _mayStart = false;
            Finish(null);
        }

        EndRun();
    }

    /// <summary>A session's method is called.</summary>
    /// <exception cref="InvalidOperationException">By somebody else.</exception>
    public void TakeStart()
    {
        if (!_mayStart)
        {
            throw new InvalidOperationException(
                "A Session is started by Gain, when a connection is there: what a session calls itself "
                + "returns a Part.");
        }

        _mayStart = false;
    }

    /// <summary>The session that is running has returned: its connection closes behind its output.</summary>
    public void Finish(SessionBox? box)
    {
        _finished = box;
        ref SessionState state = ref _states[_slot];
        if (!IsAlive(_slot, _generation) || state.Has(SessionFlags.Over))
        {
            return;
        }

        CloseReason reason =
            state.Has(SessionFlags.Stopping | SessionFlags.Hastened) ? CloseReason.ServerStopped
            : state.Has(SessionFlags.InputEnded) ? CloseReason.PeerClosed
            : CloseReason.Local;
        LeaveState(ref state);
        _table.Close(ref _table[_slot], reason);
    }

    /// <summary>The session that is running has thrown.</summary>
    public void Fail(SessionBox? box, Exception fault)
    {
        if (IsEnd(fault))
        {
            Finish(box);
            return;
        }

        _finished = box;
        _fault = fault;
        if (IsAlive(_slot, _generation) && !_states[_slot].Has(SessionFlags.Over))
        {
            LeaveState(ref _states[_slot]);
        }
    }

    /// <summary>Whether a session's connection is there, and the session is its.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsAlive(int index, uint generation) =>
        (uint)index < (uint)_states.Length
        && _states[index].Has(SessionFlags.Live)
        && _table[index].Generation == generation;

    /// <summary>A session's connection.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Connection ConnectionOf(int index, uint generation)
    {
        Require(index, generation);
        return new Connection(_writer, ref _table[index]);
    }

    /// <summary>A connection's copy of its handler.</summary>
    public ref THandler HandlerOf<THandler>(int index, uint generation)
        where THandler : struct
    {
        Require(index, generation);
        ref byte handler = ref Locate(index, typeof(THandler));
        if (Unsafe.IsNullRef(ref handler))
        {
            throw new InvalidOperationException(
                $"The connection's handler is no {typeof(THandler)}: ask for the type that declares the "
                + "OnSession which is running.");
        }

        return ref Unsafe.As<byte, THandler>(ref handler);
    }

    /// <summary>Where the handler of a connection lies; a null reference where it is of another
    /// type.</summary>
    protected abstract ref byte Locate(int index, Type type);

    private void LeaveState(ref SessionState state)
    {
        if (state.Has(SessionFlags.Adapted))
        {
            EndAdapter(_slot, "The session has returned.");
        }

        state = default;
    }

    /// <summary>Throws where a session's connection is over.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Require(int index, uint generation)
    {
        if (!IsAlive(index, generation))
        {
            ThrowEnded();
        }
    }

    [DoesNotReturn]
    private static void ThrowEnded() => throw new SessionEndedException(
        "The session's connection is over: the wait that was pending then was false. After an await of "
        + "something else ask IsEnded.");

    [DoesNotReturn]
    private static void ThrowNoWorker() => throw new InvalidOperationException(
        "A Session or a Part waits only on the worker of a server whose protocol has OnSession: it was "
        + "called on another thread.");

    [DoesNotReturn]
    private static void ThrowElsewhere(SessionHost? host) => throw new InvalidOperationException(
        host is null
            ? "This SessionContext is the default value: use the one that OnSession was given."
            : "A SessionContext was used on another thread than its worker's, as after "
                + "ConfigureAwait(false) in a method that returns a Task: return a Part instead, or use "
                + "Handle.");
}
