using Gain.Kernel;
using Gain.Workers;

namespace Gain.Tests.Simulation;

internal sealed partial class ServedConnection
{
    private static readonly int[] s_retries = [Errno.EINTR, Errno.EAGAIN, Errno.ECANCELED, Errno.ENOBUFS];

    private static readonly int[] s_resets =
    [
        Errno.ECONNRESET, Errno.EPIPE, Errno.ETIMEDOUT, Errno.ECONNABORTED, Errno.EHOSTUNREACH,
        Errno.ENETUNREACH,
    ];

    private bool _sawReset;
    private bool _sawError;
    private bool _sawHangUp;

    /// <summary>Everything written has reached the kernel, and all of it will reach the peer.</summary>
    public bool HasEndedInOrder => !(IsLayerBroken || IsLayerFailure)
        && Reason is CloseReason.Local or CloseReason.PeerClosed
        or CloseReason.ProtocolError or CloseReason.ServerStopped or CloseReason.FirstByteTimeout
        or CloseReason.IdleTimeout or CloseReason.LifetimeReached or CloseReason.HalfCloseTimeout
        or CloseReason.Truncated;

    /// <summary>Before FIN, or a close without a reset: nothing written may be left behind.</summary>
    public void CheckAllSent(string what)
    {
        Require(
            Outbound == 0 || !Socket.WasServed || IsLayerBroken,
            $"{what} with {Outbound} bytes not sent");
        if (Socket.WasServed)
        {
            Layer?.CheckMayEnd();
        }

        if (Partner is not null)
        {
            CheckPassedEnd();
        }
    }

    /// <summary>The worker is told that the socket has ended, while it does not read.</summary>
    public void NoteHangUp(int result) =>
        _sawHangUp |= result >= 0 && (result & Libc.POLLERR) != 0;

    /// <summary>The descriptor is about to be closed.</summary>
    public void CheckClosing()
    {
        Require(HasEnded || !_hasOnAccept || !world.Plan.HasOnClose, "closed before OnClose");
        if (Socket.ResetsOnClose || Socket.IsBroken)
        {
            Require(
                !HasEndedInOrder || Socket.IsBroken || world.Kernel.IsAbandoned,
                $"reset after an end by {Reason}");
            return;
        }

        CheckAllSent("closed");
        long sinceNs = AskedToEndWrite ? Math.Max(Socket.FinSentNs, _endedNs) : Socket.FinSentNs;
        long lingered = Socket.HasSentFin ? world.NowNs - sinceNs : 0;
        CheckLingered(lingered);
        if (Socket.Unread == 0 || !Socket.WasServed || Socket.MayGiveUpReading)
        {
            return;
        }

        Require(
            lingered >= (world.Settings.Deadlines.LingerMs - 1) * 1_000_000L || world.IsPastStopDeadline,
            $"closed with {Socket.Unread} bytes unread after lingering for {lingered / 1_000_000} ms: "
            + "that resets the connection, and the peer may lose what was sent");
    }

    /// <summary>Nothing else is going to happen: what could go on must have gone on.</summary>
    public void CheckNothingIsStuck()
    {
        CheckDeadlinesKept();
        if (HasEnded || !Socket.WasServed || Socket.IsClosed)
        {
            return;
        }

        // What the worker knows of: a send in flight may have gone out in part.
        bool isCongested = Layer is not null
            ? Socket.Send is not null
            : Written - _sent > (_awaitsRoom ? 0 : world.Limits.LowWatermark);
        Require(
            Outbound == 0 || (Socket.Send is not null && Socket.Room <= 0),
            $"stuck: {Outbound} bytes are written and nothing sends them");
        bool isClosed = (AskedToClose || MailedToClose)
            && world.Plan is { HasOnClose: true, AnswersBeforeEnd: false };
        Require(
            !isClosed || Outbound != 0 || IsLayerBlocked || Partner is not null,
            "stuck: it was closed, and does not end");
        Require(
            !AskedToEndWrite || Partner is not null || Outbound != 0 || IsLayerBlocked || Socket.HasSentFin
                || Socket.IsBroken,
            "stuck: its side was ended, and FIN is not sent");
        CheckHalfCloseKept();
        if (Partner is not null)
        {
            CheckPairIsNotStuck();
            return;
        }

        if (isCongested || world.Plan.Pairs)
        {
            return;
        }

        long lifetimeMs = world.Settings.Deadlines.LifetimeMs;
        bool mayDrain = AskedToClose || MailedToClose || MailedToAbort || IsDue(lifetimeMs, _acceptedNs);
        if (mayDrain && world.Plan.IsSession && Outbound != 0)
        {
            // It is closing, and waits for its peer to take what is written: a session that was busy then
            // reads nothing more, and what it put off stays where it is until its output is gone.
            return;
        }

        Require(Socket.Unread == 0, $"stuck: {Socket.Unread} bytes have arrived and nothing reads them");
        bool isAtEnd = Socket.HasFinArrived || Socket.IsBroken;
        Require(!isAtEnd || Socket.HasSeenEnd || _sawReset || _sawError, "stuck: nothing reads the end");
        if (!LeftTooMuch && !mayDrain)
        {
            int answers = peer.Conversation.AnswersTo(InOf(Socket.Seen));
            Require(
                Written + Dropped >= answers || world.IsMemoryShort,
                $"stuck: {answers} bytes were to be answered, and {Written} were");
        }
    }

    /// <summary>The last check, when the worker has ended.</summary>
    public void CheckEnd()
    {
        Require(Socket.IsClosed || !Socket.WasAccepted, "its descriptor was never closed");
        if (!_hasOnAccept)
        {
            Require(!HasEnded || !world.Plan.HasOnAccept, "OnClose came without OnAccept");
            return;
        }

        Require(HasEnded || !world.Plan.HasOnClose, "OnClose never came");
        if (HasEndedInOrder && !Socket.HasSentReset)
        {
            Require(Outbound == 0, $"{Written} bytes were written and {Written - Outbound} sent");
            peer.CheckReceived(Written);
        }
    }

    private void NoteError(int error, bool isReceive)
    {
        if (s_retries.Contains(error) && (isReceive || error != Errno.ENOBUFS))
        {
            return;
        }

        if (isReceive)
        {
            Socket.MayGiveUpReading = true;
        }

        if (s_resets.Contains(error) || (!isReceive && error == Errno.ENOTCONN))
        {
            _sawReset = true;
        }
        else
        {
            _sawError = true;
        }
    }

    // A deadline that has passed, and what it is about.
    private bool IsDeadline(CloseReason reason) => reason switch
    {
        CloseReason.FirstByteTimeout => IsLayerTimeout
            || (Socket.Seen == 0 && IsDue(Deadlines.FirstByteMs, _acceptedNs)),
        CloseReason.IdleTimeout => IsDue(
            Deadlines.IdleMs, Math.Max(_acceptedNs, Math.Max(_readNs, _resumedNs))),
        CloseReason.LifetimeReached => IsDue(
            Deadlines.LifetimeMs, Layer is null ? _acceptedNs : Socket.ServedNs),
        CloseReason.HalfCloseTimeout => (Socket.HasSentFin || Socket.IsBroken) && AskedToEndWrite && IsDue(
            Deadlines.HalfCloseMs, Math.Max(Socket.FinSentNs, Math.Max(_readNs, _resumedNs))),
        CloseReason.SendTimeout => IsDue(Deadlines.SendStallMs, Socket.AcceptedNs),
        _ => false,
    };

    // What of so many bytes is whole messages, and so can be delivered.
    private int CountWhole(int bytes) => peer.Conversation.Marks is null
        ? bytes
        : peer.Conversation.Marks.LastOrDefault(mark => mark.Input <= bytes).Input;

    /// <summary>What is received and not delivered is bounded, as reading is paused.</summary>
    private void CheckHeld()
    {
        if (world.Plan.Pairs)
        {
            if (Partner is not null)
            {
                CheckBetween();
            }

            return;
        }

        Faults faults = world.Faults;
        bool isExact = faults.CancelTooBusy == 0 && faults.RefuseSubmissions == 0 && faults.Late == 0;
        DeadlineSettings deadlines = world.Settings.Deadlines;
        bool isDropping = HasEnded || AskedToClose || AskedToAbort || MailedToClose || MailedToAbort
            || world.IsStopping || WasRefusedWrite || LeftTooMuch || HasThrown
            || peer.Conversation.IsViolation || IsLayerBroken
            || deadlines.LifetimeMs != 0 || deadlines.IdleMs != 0;
        if (isExact && !isDropping)
        {
            int held = InOf(Socket.Seen) - Delivered;
            int pool = world.Settings.Ring.BufferCount * world.Settings.Ring.BufferBytes;
            int left = world.Plan.MayLeaveBytes
                ? world.Limits.MaxUnconsumed
                : Protocols.FrameEcho.MaxFrameLength;
            int most = left + (3 * pool) + (Layer is null ? 0 : Layered.LayerRecord.MaxBody);
            Require(held <= most, $"{held} bytes are held, and {most} should be the most");
        }
    }

    // Clocks show whole milliseconds.
    private bool IsDue(long limitMs, long sinceNs) =>
        limitMs != 0 && world.NowNs - sinceNs >= (limitMs - 1) * 1_000_000;

    private void CheckAllDelivered()
    {
        int whole = CountWhole(InOf(Socket.Arrived));
        Require(Socket.Unread == 0, $"the end came before {Socket.Unread} bytes in front of it");
        Require(
            Delivered >= whole || world.IsMemoryShort,
            $"the end came when {Delivered} of {whole} bytes were delivered");
    }

    private void CheckReason(Connection connection, CloseReason reason)
    {
        Require(connection.IsClosing, "the connection is writable in OnClose");
        bool isShort = world.IsMemoryShort
            && reason is CloseReason.OutboundLimit or CloseReason.InboundLimit;
        bool hasFault = reason == CloseReason.HandlerFault || world.Kernel.IsAbandoned;
        Require((connection.Fault is not null) == hasFault || isShort, "the wrong Fault");
        bool isKnown = reason switch
        {
            CloseReason.Local => AskedToClose || MailedToClose,
            CloseReason.PeerClosed => HasPeerEnded
                && (!world.Plan.HasOnReadClosed || AskedToEndWrite),
            CloseReason.Reset => _sawReset || _sawHangUp,
            CloseReason.ProtocolError => peer.Conversation.IsViolation || IsLayerFailure,
            CloseReason.Truncated => HasLayer && Socket.HasSeenEnd && !HasPeerEnded,
            CloseReason.HandlerFault => HasThrown,
            CloseReason.ServerStopped => world.IsStopping,
            CloseReason.Aborted => Layer is { IsUpgraded: true, HasBegun: true, IsUp: false }
                || AskedToAbort || MailedToAbort || world.IsPastStopDeadline
                || world.Kernel.IsAbandoned,
            CloseReason.OutboundLimit => WasRefusedWrite || isShort,
            CloseReason.InboundLimit => LeftTooMuch || isShort,
            CloseReason.SocketError => _sawError,
            CloseReason.Coupled => Partner is not null,
            _ => IsDeadline(reason),
        };
        bool isSilence = reason is CloseReason.IdleTimeout or CloseReason.FirstByteTimeout
            or CloseReason.HalfCloseTimeout;
        Require(
            !isSilence || IsLayerTimeout || Socket.Unread == 0 || Socket.MayGiveUpReading,
            $"OnClose came with {reason} when {Socket.Unread} bytes had arrived and nobody had read them");
        Require(isKnown, $"OnClose came with {reason}, and nothing of the kind has happened");
        if (HasEndedInOrder)
        {
            Require(
                Outbound == 0,
                $"OnClose came with {reason} when {Written - Outbound} of {Written} bytes were sent");
        }

        CheckDeliveredAtStop(reason);
        CheckCoupledReason(reason);
        if (world.Plan.AnswersBeforeEnd && HasEndedInOrder)
        {
            Require(
                Written + Dropped >= Delivered,
                $"OnClose came with {reason} when {Delivered} bytes were delivered and {Written} answered");
        }

        if (reason == CloseReason.PeerClosed)
        {
            CheckAllDelivered();
            int answers = peer.Conversation.AnswersTo(InOf(Socket.Arrived));
            Require(
                Written + Dropped >= answers, $"{answers} bytes were to be answered, and {Written} were");
        }
    }

    private void CheckDeliveredAtStop(CloseReason reason)
    {
        // What a receive has taken and no completion tells is not known to be there, and a reset drops the
        // rest.
        bool isHidden = Socket.HiddenUntilNs > world.StopNs || Socket.Taken != Socket.Seen || Socket.IsBroken;
        if (reason == CloseReason.ServerStopped && !world.IsMemoryShort && !isHidden)
        {
            int whole = CountWhole(InOf(Socket.ArrivedAtStop));
            Require(Delivered >= whole, $"stopped when {Delivered} of {whole} bytes were delivered");
        }
    }
}
