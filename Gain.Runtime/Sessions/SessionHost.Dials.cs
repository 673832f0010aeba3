using Gain.Slots;

namespace Gain.Sessions;

/// <remarks>Connections that sessions dial, and wait for.</remarks>
internal abstract unsafe partial class SessionHost
{
    // Those that are free; the others follow by Next.
    private SessionDial? _freeDials;

    /// <summary>Begins a connection that a session is to wait for next.</summary>
    /// <param name="index">The session's slot.</param>
    /// <param name="generation">The slot's generation.</param>
    /// <param name="handler">What serves the connection; the prototype if it is not given.</param>
    /// <param name="isGiven">Whether it is.</param>
    /// <param name="target">Where to.</param>
    /// <param name="dial">What it waits for; null where nothing was begun.</param>
    /// <returns>Why nothing was begun; the default value where it was.</returns>
    public ConnectFailure BeginDial<THandler>(
        int index,
        uint generation,
        in THandler handler,
        bool isGiven,
        DialTarget target,
        out SessionDial? dial)
        where THandler : struct
    {
        _ = IsReady(index, generation, SessionWaitKind.Connect);
        dial = _freeDials ?? MakeDial();
        if (!ConnectionOf(index, generation).TryDial(
            in handler, isGiven, isRented: false, target.End, dial, out ConnectionHandle handle))
        {
            bool isStopping = _states[index].Has(SessionFlags.Stopping | SessionFlags.Hastened);
            dial = null;
            return new ConnectFailure(
                isStopping ? ConnectFailureReason.Cancelled : ConnectFailureReason.LimitReached, 0, default);
        }

        _freeDials = dial.Next;
        dial.Next = null;
        dial.Slot = index;
        dial.Generation = generation;
        dial.Handle = handle;
        return default;
    }

    /// <summary>It came up, or did not: its session goes on later in the turn, behind the callback.</summary>
    public void EndDial(SessionDial dial)
    {
        if (IsAlive(dial.Slot, dial.Generation) && Awaits(dial.Slot, SessionWaitKind.Connect))
        {
            EndWait(ref _states[dial.Slot]);
        }
    }

    /// <summary>A session goes on with what has come of its dial.</summary>
    public Connected TakeDial(SessionDial dial)
    {
        bool isThere = IsAlive(dial.Slot, dial.Generation) && !_states[dial.Slot].Has(SessionFlags.Over);
        ConnectionHandle handle = dial.Handle;
        Connected taken = dial.Take(isThere, out bool isLeft);
        if (isLeft
            && handle.IsOf(_table.Mailbox, out int index, out uint generation)
            && _table[index].Generation == generation)
        {
            _table.Abort(ref _table[index], CloseReason.Aborted);
        }

        return taken;
    }

    /// <summary>Nobody has anything of a dial.</summary>
    public void Pool(SessionDial dial)
    {
        dial.Next = _freeDials;
        _freeDials = dial;
    }

    [AllowAllocation("As many as wait at the same time, which are kept.")]
    private SessionDial MakeDial() => new(this);
}
