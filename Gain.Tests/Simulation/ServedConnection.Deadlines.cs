using Gain.Workers;

namespace Gain.Tests.Simulation;

/// <remarks>
/// Deadlines are kept: no earlier than their limit, and no later than it and a tick. What the worker cannot
/// know of, and what the peer is not to blame for, begins the limit anew.
/// </remarks>
internal sealed partial class ServedConnection
{
    // A deadline is a whole millisecond, the turn may end one later, and silence is looked at twice.
    private const int MaxLateDeadlineMs = 4;

    // When the peer's silence began at the latest, and when reading last went on after a pause of ours.
    private long _silentNs;
    private long _resumedNs;
    private bool _hasRead;
    private bool _isStarved;

    private DeadlineSettings Deadlines => world.Settings.Deadlines;

    /// <summary>The worker looked into the socket for bytes, and there were some: it is to blame.</summary>
    public void NoteUnread() => _silentNs = world.NowNs;

    /// <summary>The worker reads on.</summary>
    public void NoteReceiveArmed()
    {
        _silentNs = world.NowNs;
        if (_isStarved)
        {
            _isStarved = false;
            _resumedNs = world.NowNs;
        }
    }

    /// <summary>No deadline has passed that should have ended the connection before now.</summary>
    public void CheckDeadlinesKept()
    {
        if (!_hasOnAccept || HasEnded || IsExcused)
        {
            return;
        }

        // The end waits for what was written, and for a buffer.
        long lifetimeMs = Deadlines.LifetimeMs;
        bool isSending = Written != OutOf(_sent) || _isStarved
            || (Layer is not null && Socket.Send is not null);
        if (IsDue(lifetimeMs, _acceptedNs))
        {
            long sinceNs = Math.Max(_acceptedNs + (lifetimeMs * 1_000_000), _silentNs);
            Require(
                isSending || !IsLate(0, lifetimeMs, sinceNs),
                $"it lives {(world.NowNs - _acceptedNs) / 1_000_000} ms, and may live for {lifetimeMs} ms");
            return;
        }

        CheckHalfCloseKept();
        long limitMs = !_hasRead && Deadlines.FirstByteMs != 0 ? Deadlines.FirstByteMs : Deadlines.IdleMs;
        long silentNs = Math.Max(_acceptedNs, _silentNs);
        bool isReading = !isSending && Socket.Receive is not null;
        Require(
            limitMs == 0 || !isReading || !IsLate(limitMs, limitMs, silentNs),
            $"its peer has been silent for {(world.NowNs - silentNs) / 1_000_000} ms, "
            + $"and the limit is {limitMs} ms");
    }

    // Nothing else is going to happen: whoever has sent FIN and waits for the peer's has a deadline.
    private void CheckHalfCloseKept()
    {
        bool waits = AskedToEndWrite && Socket.HasSentFin && !Socket.HasFinArrived && !Socket.IsBroken;
        long silentNs = Math.Max(Socket.FinSentNs, _silentNs);
        Require(
            !waits || Deadlines.HalfCloseMs == 0 || IsExcused || _isStarved
                || !IsLate(Deadlines.HalfCloseMs, Deadlines.HalfCloseMs, silentNs),
            $"its peer has not ended its side for {(world.NowNs - silentNs) / 1_000_000} ms, "
            + $"and the limit is {Deadlines.HalfCloseMs} ms");
    }

    // It is on its way out for another reason, which has no deadline but the stop's, or an answer may be due.
    private bool IsExcused => world.Plan.MayBeAway || world.Plan.Pairs
        || AskedToClose || AskedToAbort || MailedToClose || MailedToAbort || HasThrown
        || LeftTooMuch || WasRefusedWrite || _sawReset || _sawError || world.IsStopping || world.IsMemoryShort
        || world.Kernel.IsAbandoned || peer.Conversation.IsViolation
        || IsLayerBroken || (HasLayer && Layer!.HasClosedIn(Socket.Seen));

    // Bytes come no more once the lifetime is over.
    private void CheckAlive() => Require(
        !_hasOnAccept || Deadlines.LifetimeMs == 0
            || !IsLate(Deadlines.LifetimeMs, Deadlines.LifetimeMs, _acceptedNs),
        $"bytes came {(world.NowNs - _acceptedNs) / 1_000_000} ms after the accept, and the connection may "
        + $"live for {Deadlines.LifetimeMs} ms");

    // The descriptor is about to be closed, and the peer has not ended its side.
    private void CheckLingered(long lingeredNs)
    {
        // Otherwise it is the completion of a cancellation that it waited for.
        Require(
            !world.Faults.LetsCancel || !Socket.HasSentFin || world.IsStopping || world.Kernel.IsAbandoned
                || !IsLate(Deadlines.LingerMs, Deadlines.LingerMs, world.NowNs - lingeredNs),
            $"it lingered for {lingeredNs / 1_000_000} ms, and the limit is {Deadlines.LingerMs} ms");
    }

    // TimerWheel.Coarsen makes timers late by up to a 64th of their period.
    private bool IsLate(long limitMs, long periodMs, long sinceNs)
    {
        long mostMs = limitMs + (periodMs / 64) + MaxLateDeadlineMs + world.FrozenMs;
        return world.NowNs - sinceNs > mostMs * 1_000_000;
    }
}
