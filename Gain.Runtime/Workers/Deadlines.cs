using System.Runtime.CompilerServices;
using Gain.CompilerServices;
using Gain.Rings;
using Gain.Slots;
using Gain.Writing;

namespace Gain.Workers;

/// <remarks>
/// Deadlines move with every message, but their timers do not: a timer that fires looks at when the last
/// message was, and is armed again for what is left. So a message costs one store, and a connection one
/// timer event per period.
/// </remarks>
internal sealed unsafe partial class Deadlines<TProtocol, TRing>
    where TProtocol : struct, IProtocol<TProtocol>
    where TRing : struct, IRing
{
    private readonly Worker<TProtocol, TRing> _worker;

    // Whether any deadline goes by what peers send.
    private readonly bool _watchesReads;

    private readonly WorkerSettings _settings;
    private readonly SlotTable _table;
    private readonly ConnectionWriter _writer;
    private readonly TProtocol[] _handlers;

    internal Deadlines(Worker<TProtocol, TRing> worker)
    {
        _worker = worker;
        DeadlineSettings deadlines = worker.Settings.Deadlines;
        _watchesReads = deadlines.FirstByteMs != 0 || deadlines.IdleMs != 0;
        _settings = worker.Settings;
        _table = worker.Table;
        _writer = worker.Writer;
        _handlers = worker.Handlers;
    }

    /// <summary>Arms the deadlines that a new connection has.</summary>
    internal void ArmDeadlines(int index, ref Slot slot)
    {
        ArmFirstRead(index, ref slot);
        DeadlineSettings deadlines = _settings.Deadlines;
        if (deadlines.LifetimeMs != 0)
        {
            ArmSlotTimer(index, SlotTimer.Lifetime, deadlines.LifetimeMs, deadlines.LifetimeMs);
        }
    }

    /// <summary>Arms the deadline of a connection that nothing has come from for its handler.</summary>
    internal void ArmFirstRead(int index, ref Slot slot)
    {
        DeadlineSettings deadlines = _settings.Deadlines;
        if (_watchesReads)
        {
            slot.ReadMs = (uint)_table.NowMs;
            bool isFirst = deadlines.FirstByteMs != 0 && !slot.HasReceived;
            long first = isFirst ? deadlines.FirstByteMs : deadlines.IdleMs;
            if (first != 0)
            {
                ArmRead(index, ref slot, first, first);
            }
        }
    }

    /// <summary>Bytes arrived: the deadline of an idle connection begins anew.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void NoteRead(int index, ref Slot slot)
    {
        if (!_watchesReads)
        {
            return;
        }

        slot.ReadMs = (uint)_table.NowMs;
        if (!slot.HasReceived)
        {
            NoteFirstRead(index, ref slot);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void NoteFirstRead(int index, ref Slot slot)
    {
        slot.HasReceived = true;
        long limit = ReadLimit(ref slot, out _);
        if (slot.IsEnding)
        {
            // What waits for its last completions has no deadline; one that is armed would outlive it.
            return;
        }

        if (limit != 0)
        {
            ArmRead(index, ref slot, limit, limit);
        }
        else
        {
            slot.IsReadTimed = false;
            _table.CancelTimer(index, SlotTimer.Read);
        }
    }

    private void ExpireRead(int index, ref Slot slot)
    {
        slot.IsReadTimed = false;
        if (slot.IsConnecting)
        {
            _worker.Dialer.Expire(index, ref slot);
            return;
        }

        if (slot.IsLingering)
        {
            _worker.Closer.EndLinger(index, ref slot);
            return;
        }

        if (slot.IsStarting)
        {
            _worker.Layers.ExpireStart(index, ref slot);
            return;
        }

        long limit = ReadLimit(ref slot, out CloseReason reason);
        if (limit == 0 || slot.IsEnding)
        {
            return;
        }

        long elapsed = (uint)_table.NowMs - slot.ReadMs;
        if (slot.Outbound.Bytes != 0 || slot.AwaitsRoom || slot.KeepsPeerWaiting)
        {
            // It is the peer that we keep waiting, or that the deadline for sends is for.
            ArmRead(index, ref slot, limit, limit);
        }
        else if (elapsed < limit)
        {
            slot.IsSilenceProbed = false;
            ArmRead(index, ref slot, limit - elapsed, limit);
        }
        else if (_worker.Receiver.CountNotDispatched(index, ref slot) > 0)
        {
            // It is the server that has not read: it is overloaded, or was frozen.
            ArmRead(index, ref slot, limit, limit);
        }
        else if (!slot.IsSilenceProbed)
        {
            // What the ring has taken from the socket is dispatched before the next turn's timers.
            slot.IsSilenceProbed = true;
            ArmRead(index, ref slot, 1, 1);
        }
        else
        {
            _table.Close(ref slot, reason);
        }
    }

    /// <summary>A send was armed: it has to make progress.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void NoteSend(int index, ref Slot slot)
    {
        if (_settings.Deadlines.SendStallMs == 0)
        {
            return;
        }

        slot.SendMs = (uint)_table.NowMs;
        if (!slot.IsSendTimed)
        {
            ArmSendDeadline(index, ref slot, _settings.Deadlines.SendStallMs);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ArmSendDeadline(int index, ref Slot slot, long aheadMs)
    {
        slot.IsSendTimed = true;
        ArmSlotTimer(index, SlotTimer.Send, aheadMs, _settings.Deadlines.SendStallMs);
    }

    // The send may have progressed without being complete. Cancelling it tells: it then completes with the
    // bytes that went out, and HandleSend arms the rest again; without any, with ECANCELED.
    private void ExpireSend(int index, ref Slot slot)
    {
        slot.IsSendTimed = false;
        if (slot.IsConnecting)
        {
            _worker.Dialer.ExpireAttempt(index, ref slot);
            return;
        }

        if (!slot.IsSending || slot.HasEnded)
        {
            return;
        }

        long limit = _settings.Deadlines.SendStallMs;
        long elapsed = (uint)_table.NowMs - slot.SendMs;
        if (elapsed < limit)
        {
            ArmSendDeadline(index, ref slot, limit - elapsed);
            return;
        }

        slot.IsSendProbed = true;
        _worker.Closer.ArmCancel(index, ref slot, Operation.CancelSend);
        ArmSendDeadline(index, ref slot, limit);
    }

    /// <summary>
    /// An attempt of a dial has begun, and the next does so after a time. Nothing is sent before the dial is
    /// up.
    /// </summary>
    internal void ArmAttempt(int index, ref Slot slot, long aheadMs)
    {
        slot.IsSendTimed = true;
        ArmSlotTimer(index, SlotTimer.Send, aheadMs, aheadMs);
    }

    internal void ArmRead(int index, ref Slot slot, long aheadMs, long periodMs)
    {
        slot.IsReadTimed = true;
        ArmSlotTimer(index, SlotTimer.Read, aheadMs, periodMs);
    }

    private void ArmSlotTimer(int index, SlotTimer timer, long aheadMs, long periodMs) =>
        _table.ArmTimer(index, timer, TimerWheel.Coarsen(_table.NowMs + aheadMs, periodMs));

    /// <summary>A connection is over: nothing of it may fire anymore.</summary>
    internal void CancelDeadlines(int index, ref Slot slot)
    {
        if (slot.IsReadTimed)
        {
            _table.CancelTimer(index, SlotTimer.Read);
        }

        if (slot.IsSendTimed)
        {
            _table.CancelTimer(index, SlotTimer.Send);
        }

        slot.IsReadTimed = false;
        slot.IsSendTimed = false;
        if ((TProtocol.Declared & Callbacks.Timer) != 0)
        {
            _table.CancelTimer(index, SlotTimer.User);
        }

        if (_settings.Deadlines.LifetimeMs != 0)
        {
            _table.CancelTimer(index, SlotTimer.Lifetime);
        }
    }
}
