using Gain.CompilerServices;

namespace Gain.Tests.Simulation;

/// <remarks>
/// A pair of connections: each peer is sent what the other one says. No callback tells of it, so that the
/// rules go by what the two sockets have seen.
/// </remarks>
internal sealed partial class ServedConnection
{
    /// <summary>The other one of its pair; null where it is in none.</summary>
    public ServedConnection? Partner { get; private set; }

    /// <summary>Bytes of its peer that are read, and that the other one's kernel has not taken.</summary>
    private int Between => Socket.Seen - Partner!.Socket.Accepted;

    private bool IsUndisturbed => !MailedToClose && !MailedToAbort && !Socket.IsBroken && !HasEnded
        && !_sawReset && !_sawError;

    /// <summary>The protocol couples it with another one.</summary>
    public void Couple(Connection connection, ServedConnection other, Connection otherConnection)
    {
        Visit(connection);
        Partner = other;
        other.Partner = this;
        AskedToEndWrite = true;
        other.AskedToEndWrite = true;
        world.Couplings++;
        world.Trace.Add($"  peer {peer.Id}: is coupled with peer {other.Peer.Id}");
        connection.Couple(otherConnection, world.Splices ? CouplingMode.Splice : CouplingMode.Copy);
    }

    // FIN before the close is the other peer's, behind all that it has said.
    private void CheckPassedEnd()
    {
        if (!HasEnded && !Partner!.HasEnded)
        {
            Require(Partner.Socket.HasSeenEnd, "FIN was passed on that nobody has sent");
            CheckWhole();
        }
    }

    private void CheckWhole() => Require(
        Socket.Accepted == Partner!.Socket.Arrived,
        $"the end was passed on behind {Socket.Accepted} of {Partner.Socket.Arrived} bytes");

    private void CheckCoupledReason(CloseReason reason)
    {
        if (Partner is null)
        {
            return;
        }

        if (reason == CloseReason.PeerClosed)
        {
            CheckWhole();
        }

        bool isHidden = Partner.Socket.HiddenUntilNs > world.StopNs
            || Partner.Socket.Taken != Partner.Socket.Seen || Partner.Socket.IsBroken;
        bool isAsked = MailedToClose || MailedToAbort || Partner.MailedToClose || Partner.MailedToAbort;
        if (reason == CloseReason.ServerStopped && !world.IsMemoryShort && !isHidden && !isAsked)
        {
            int arrived = Partner.Socket.ArrivedAtStop;
            Require(
                Socket.Accepted >= arrived,
                $"stopped when {Socket.Accepted} of {arrived} bytes of its partner's peer were sent");
        }
    }

    // Nothing else is going to happen: what one peer has said has reached the other, or that one is full.
    private void CheckPairIsNotStuck()
    {
        if (!IsUndisturbed || !Partner!.IsUndisturbed || world.IsMemoryShort)
        {
            return;
        }

        SimulatedSocket target = Partner.Socket;
        Require(
            Between == 0 || target.Send is { Kind: Operation.Send } && target.Room <= 0
                || target.Send is { Kind: Operation.SpliceRoom } && !target.HasPollableRoom,
            $"stuck: {Between} bytes are between the two, and nothing sends them");

        // What the worker knows of: a send in flight may have gone out in part.
        int held = Socket.Seen - Partner._sent;
        Require(
            Socket.Unread == 0 || held > world.Limits.LowWatermark || (world.Splices && Between != 0),
            $"stuck: {Socket.Unread} bytes have arrived, and nothing reads them for its partner");
        Require(
            !Socket.HasFinArrived || Socket.Unread != 0 || Between != 0 || target.HasSentFin,
            "stuck: its peer's FIN is not passed on");
    }

    // Reading stops at the other one's watermark, one buffer beyond it at most. What is on its way then is
    // held: the rest of a batch, and what the receive takes before it is cancelled. Nothing more is read
    // until the other one has taken it.
    private void CheckBetween()
    {
        // What comes while a deadline's close drains is dropped, and not held.
        bool isExact = world.Faults is { CancelTooBusy: 0, RefuseSubmissions: 0, Late: 0 }
            && Deadlines is { LifetimeMs: 0, IdleMs: 0, FirstByteMs: 0, HalfCloseMs: 0 };
        if (isExact && IsUndisturbed && Partner!.IsUndisturbed && !world.IsStopping)
        {
            int buffer = world.Settings.Ring.BufferBytes;
            int pool = world.Settings.Ring.BufferCount * buffer;
            int most = Math.Min(world.Limits.HighWatermark, world.Limits.MaxOutbound) + buffer + (2 * pool);
            Require(
                Between <= most, $"{Between} bytes are held for its partner, and {most} should be the most");
        }
    }
}
