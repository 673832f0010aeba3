using Gain.Layers;
using Gain.Mail;
using Gain.Memory;
using Gain.Slots;

namespace Gain.Workers;

/// <remarks>
/// How a layer sets connections up: before it has, there is no callback, and no handle that another thread
/// could have.
/// </remarks>
internal sealed unsafe partial class Layers<TProtocol, TRing>
{
    // What a peer may send before its set-up goes on: more than a handshake's longest flight.
    private const int MaxHeldBytes = 64 * 1024;

    // The steps that were taken in a turn of the worker's loop.
    private uint _turn;
    private int _steps;
    private int _starting;
    private LogLimiter _log;

    /// <summary>Whether no more connections of an address may be in their set-up; it is logged.</summary>
    internal bool IsAtLimit(byte address)
    {
        if (_layers is null
            || _kinds[address] is not { StartsOnRequest: false } kind
            || _starting < kind.MaxSetups)
        {
            return false;
        }

        LogFailedStart(address, $"{kind.MaxSetups:N0} others of the worker are being set up");
        return true;
    }

    /// <summary>Begins to set a connection up, if there is a layer at its address.</summary>
    /// <returns>Whether there is: its OnAccept comes later.</returns>
    internal bool Begins(int index, ref Slot slot)
    {
        if (_layers is null || _kinds[slot.Address] is not { StartsOnRequest: false })
        {
            return false;
        }

        slot.BeginLayer();
        Begin(index, ref slot, host: null, port: 0);
        return true;
    }

    /// <summary>Whom a dialled connection is to; null where only its address is known.</summary>
    internal void NoteHost(int index, string? host) => _layers!.HostOf(index) = host;

    /// <summary>Begins to set a connection up whose connect is over: its OnConnect comes later.</summary>
    internal void BeginDialled(int index, ref Slot slot, string host, int port)
    {
        if (slot.IsCongested && !slot.IsCoupled)
        {
            _worker.Sender.CountPause(ref slot);
            slot.PutCongestionOff();
        }

        slot.BeginLayer();
        Begin(index, ref slot, host, port);
        GoOn(index, ref slot);
    }

    private void Begin(int index, ref Slot slot, string? host, int port)
    {
        long tag = ((long)slot.Generation << 32) | (uint)index;
        _layers![index] = _opened[slot.Address]!.Begin(tag, host, port);
        _starting += slot.Address < _firstDial ? 1 : 0;
        long limit = (long)Math.Ceiling(_kinds[slot.Address]!.SetupTimeout.TotalMilliseconds);
        _worker.Deadlines.ArmRead(index, ref slot, limit, limit);
    }

    /// <summary>Whether a connection's handler does not know of it yet: its layer came first.</summary>
    internal bool IsUnknown(int index, ref Slot slot) => slot.IsStarting && !_layers!.IsUpgraded(index);

    /// <summary>A set-up that waited goes on.</summary>
    internal void GoOn(int index, ref Slot slot)
    {
        if (!slot.MaySetUp || (BeginsUpgrade(index, ref slot) && slot.Address < _firstDial) || slot.IsEnding)
        {
            return;
        }

        if (!MayStep(slot.Address))
        {
            Defer(ref slot);
            return;
        }

        InboundCarry held = slot.Inbound;
        slot.Inbound = default;
        try
        {
            Pump(index, ref slot, held.Span);
        }
        finally
        {
            held.Clear(_table.Carries);
        }
    }

    /// <summary>The set-up has taken too long.</summary>
    internal void ExpireStart(int index, ref Slot slot)
    {
        if (_worker.Proxies.IsDue(index))
        {
            _worker.Proxies.Expire(index, ref slot);
            return;
        }

        if (slot.IsEnding || _layers![index] is null)
        {
            // An upgrade that begins in the next settling has the time from then on: this was another limit.
            return;
        }

        string name = _kinds[slot.Address]!.Name;
        NoteFailedStart(
            index, ref slot, $"it took longer than {_kinds[slot.Address]!.SetupTimeout} ({name})");
        _table.Abort(ref slot, CloseReason.FirstByteTimeout);
    }

    private void ReceiveStart(int index, ref Slot slot, ReadOnlySpan<byte> data)
    {
        if (slot.IsEnding)
        {
            return;
        }

        if (_worker.Proxies.IsDue(index))
        {
            _worker.Proxies.Receive(index, ref slot, data);
            return;
        }

        BeginsUpgrade(index, ref slot);
        if (slot.IsEnding)
        {
            return;
        }

        bool isFree = slot.MaySetUp;
        if (isFree && MayStep(slot.Address))
        {
            Pump(index, ref slot, data);
            return;
        }

        if (slot.Inbound.Length + data.Length > MaxHeldBytes)
        {
            NoteFailedStart(index, ref slot, $"the other end sent more than {MaxHeldBytes:N0} bytes");
            _table.Abort(ref slot, CloseReason.InboundLimit);
            return;
        }

        slot.Inbound.Append(_table.Carries, data);
        if (isFree)
        {
            Defer(ref slot);
        }
    }

    // A step costs as much as thousands of messages: those of a turn are counted, and the others wait.
    private bool MayStep(byte address)
    {
        if (_turn != _table.Turns)
        {
            _turn = _table.Turns;
            _steps = 0;
        }

        return _steps++ < _kinds[address]!.MaxSetupStepsPerTurn;
    }

    private void Defer(ref Slot slot)
    {
        slot.Defer();
        _table.AddPending(ref slot);
    }

    private void FinishStart(int index, ref Slot slot, bool hasMore)
    {
        bool wasUnknown = IsUnknown(index, ref slot);
        slot.EndStart();
        _starting -= slot.Address < _firstDial ? 1 : 0;
        slot.IsReadTimed = false;
        _table.CancelTimer(index, SlotTimer.Read);
        slot.ReadMs = (uint)_table.NowMs;
        _worker.Writer.CongestIfFull(ref slot);
        if (_worker.Dialer.Starts.Has(index))
        {
            _worker.Dialer.FinishOpen(index, ref slot);
            _worker.CheckFrameEnded();
            return;
        }

        _worker.Deadlines.ArmFirstRead(index, ref slot);
        if (!wasUnknown)
        {
            // What waited for the layer.
            _table.AddPending(ref slot);
            return;
        }

        _worker.Calling = index;
        _worker.Intake.CallAccept(index, ref slot);
        _worker.Calling = Slot.None;
        _worker.CheckFrameEnded();
        if (hasMore)
        {
            _worker.Deadlines.NoteRead(index, ref slot);
        }
    }

    // Of a dial the handler is told, and not the log.
    private void NoteFailedStart(int index, ref Slot slot, string reason)
    {
        if (!_worker.Dialer.Starts.Note(index, reason))
        {
            LogFailedStart(slot.Address, reason);
        }
    }

    private void LogFailedStart(byte address, string reason)
    {
        if (_worker.Observer.MayLog(ref _log))
        {
            Log.HandshakeFailed(
                _worker.Server.Logger, _worker.Settings.Index, _kinds[address]!.Name, reason);
        }
    }

    // A full mailbox is tried again: the connection would wait for nothing.
    private void Resume(long tag)
    {
        var command = Command.ResumeReading((int)(uint)tag, (uint)(tag >> 32));
        if (!_mailbox.TryPost(command))
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static again => again.Room.Resume(again.Tag), (Room: this, Tag: tag), preferLocal: false);
        }
    }
}
