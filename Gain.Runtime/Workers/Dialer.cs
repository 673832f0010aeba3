using Gain.CompilerServices;
using Gain.Kernel;
using Gain.Rings;
using Gain.Slots;
using Gain.Sockets;
using Gain.Uring;

namespace Gain.Workers;

/// <summary>
/// Connections that go out. Each has its slot from the call on: what is written to it waits, and closing it
/// gives it up. When its connect is over it goes on as one that was accepted does, or OnConnectFailed is
/// called, once, and nothing else.
/// </summary>
/// <remarks>
/// A socket is never closed while its connect is in flight: the completion would never come. It is cancelled
/// first; and one that was cancelled is closed, as it cannot connect anymore.
/// </remarks>
internal sealed unsafe partial class Dialer<TProtocol, TRing> : OutgoingDoor
    where TProtocol : struct, IProtocol<TProtocol>
    where TRing : struct, IRing
{
    private readonly Worker<TProtocol, TRing> _worker;
    private readonly DialSettings _settings;
    private readonly ServerState _server;
    private readonly SlotTable _table;
    private readonly TProtocol[] _handlers;

    // By slot; empty where nothing can be dialled.
    private readonly Dialled[] _dialled;

    private bool _isClosed;

    internal Dialer(Worker<TProtocol, TRing> worker)
    {
        _worker = worker;
        _settings = worker.Settings.Dials;
        _server = worker.Server;
        _table = worker.Table;
        _handlers = worker.Handlers;
        _dialled = new Dialled[_settings.Items.Length == 0 ? 0 : worker.Settings.MaxConnections];
        _attempts = new DialAttempts(_dialled.Length);
        Starts = new DialStarts(_dialled);
        Pool = IdlePool.For(_settings, _dialled.Length);
        worker.Counters.Pool = Pool?.Counters;
        Redials = Redials.For(_settings, _dialled.Length, worker.Settings.Index);
        _originals = new TProtocol[Redials is null ? 0 : _dialled.Length];
        _names = new NameInbox(worker.Mailbox);
        _table.Outgoing = _settings.Items.Length == 0 ? null : this;
    }

    public override bool TryDial<THandler>(
        in THandler handler, bool isGiven, bool isRented, in RemoteEnd target, out int index)
    {
        DatagramTargets.RequireConnections(in target);
        int setting = FindSetting(in handler, out TProtocol wrapped);
        byte address = (byte)(_settings.First + setting);
        if (target.SecureHost is not null && !_worker.Layers.Has(address))
        {
            throw DialStarts.NoLayer(typeof(THandler).Name, in target);
        }

        if (isRented && Pool?.Keeps(address) != true)
        {
            throw new InvalidOperationException(
                $"{typeof(THandler).Name} was rented, and nothing is kept that could be: set "
                + $"DialOptions.Pool where .Dial(new {typeof(THandler).Name}(), options) is called, or use "
                + "Dial.");
        }

        index = Slot.None;
        if (!MayBegin() || !_server.Admission.TryTakeOutgoing())
        {
            LeaveRoom();
            return false;
        }

        // A name has no socket before one of its addresses is up.
        bool isSeeking = isRented && Pool!.Find(address, in target) != Slot.None;
        int fd = target.Name is null && !isSeeking
            ? OpenSocket(_settings.Items[setting], in target)
            : Slot.NoSocket;
        index = _table.Allocate(fd >= 0 ? fd : Slot.NoSocket, address);
        ref Slot slot = ref _table[index];
        _server.HandOvers.Add(_worker.Settings.Index);
        _worker.Intake.NoteOutgoing(index);
        _handlers[index] = isGiven ? wrapped : _worker.Prototypes[address];
        _dialled[index] = new Dialled
        {
            Target = target,
            Errno = fd < 0 ? -fd : 0,
            Rent = isSeeking ? RentStage.Seeking : RentStage.None,
        };
        NoteBegun(index, ref slot, in target, isMiss: isRented && !isSeeking);

        if (Redials is not null && Redials.Begin(index, address, slot.Generation, in target))
        {
            _originals[index] = _handlers[index];
        }

        // In flight from now on, whatever comes first; what is to be done is done when the callback is over.
        slot.Begin(index, SlotOperation.Connect);
        _table.AddPending(ref slot);
        return true;
    }

    public override void Await(int index, DialWaiter waiter) => _dialled[index].Waiter = waiter;

    // A protocol that is told of a stop goes on until its deadline, and may need others for that.
    private bool MayBegin() =>
        !_isClosed
        && !_table.IsFull
        && _worker.Stopper.Stage != StopStage.Aborting
        && (!_worker.Stopper.HasBegun || (TProtocol.Declared & Callbacks.Stopping) != 0);

    private int FindSetting<THandler>(in THandler handler, out TProtocol wrapped)
        where THandler : struct
    {
        for (int i = 0; i < _settings.Items.Length; i++)
        {
            if (TProtocol.TryWrap(in handler, _table.PartOf[_settings.First + i], out wrapped))
            {
                return i;
            }
        }

        throw new InvalidOperationException(
            $"{typeof(THandler).Name} was dialled with, and the server was not told that it may be: add "
            + $".Dial(new {typeof(THandler).Name}()) where the server is built.");
    }

    private int OpenSocket(DialSetting setting, in RemoteEnd target)
    {
        bool isAddress = target.IsUnix
            || (target.Address.Kind is GainAddressKind.IPv4 or GainAddressKind.IPv6
                && target.Address.Port != 0);
        return isAddress
            ? _worker.Ring.OpenOutgoing(setting.Sockets, target.Family)
            : -Errno.EAFNOSUPPORT;
    }

    /// <summary>Does what a dial needs before the worker waits.</summary>
    internal void Settle(int index, ref Slot slot)
    {
        ref Dialled dialled = ref _dialled[index];
        bool isGivenUp = IsGivenUp(ref slot) || dialled.HasExpired;
        if (dialled.IsArmed)
        {
            if (isGivenUp)
            {
                _worker.Closer.ArmCancel(index, ref slot, Operation.CancelConnect);
            }
        }
        else if (isGivenUp)
        {
            Fail(index, ref slot, Reason(ref slot, Errno.ECANCELED, isConnect: true));
        }
        else if (dialled.IsWaiting || dialled.Rent == RentStage.Taking)
        {
            // Something was written to it.
        }
        else if (dialled.Rent == RentStage.Seeking)
        {
            Seek(index, ref slot, ref dialled);
        }
        else if (dialled.Rent == RentStage.Taken)
        {
            Open(index, ref slot, dialled.Target.Address);
        }
        else if (dialled.Target.Name is not null)
        {
            SettleNamed(index, ref slot, ref dialled);
        }
        else if (dialled.Errno != 0)
        {
            Fail(index, ref slot, Reason(ref slot, dialled.Errno, isConnect: false));
        }
        else
        {
            ArmConnect(index, ref slot, ref dialled);
        }
    }

    private bool IsGivenUp(ref Slot slot) => slot.IsEnding || slot.IsCloseDue
        || _dialled[_table.IndexOf(ref slot)].Waiter is { IsCancelled: true };

    private void ArmConnect(int index, ref Slot slot, ref Dialled dialled)
    {
        dialled.IsArmed = true;
        long timeout = SettingOf(ref slot).TimeoutMs;
        _worker.Deadlines.ArmRead(index, ref slot, timeout, timeout);
        uint length = dialled.Target.ToSockAddr(out sockaddr_storage address);
        _worker.Ring.PrepConnect(
            slot.Fd, in address, length, Token.Pack(Operation.Connect, index, slot.Generation));
    }

    /// <summary>Handles the end of a connect.</summary>
    internal void HandleConnect(CompletionEntry completion)
    {
        int index = Token.SlotOf(completion.UserData);
        ref Slot slot = ref _table[index];
        if (slot.Generation != Token.GenerationOf(completion.UserData))
        {
            _worker.DropStale(completion);
            return;
        }

        _dialled[index].IsArmed = false;
        int result = completion.Result;
        if (IsGivenUp(ref slot))
        {
            result = -Errno.ECANCELED;
        }
        else if (result == 0)
        {
            // One that came up while it was being cancelled for its time is up.
            result = _worker.Ring.FinishConnect(slot.Fd);
        }

        if (result < 0)
        {
            Fail(index, ref slot, Reason(ref slot, -result, isConnect: true));
        }
        else
        {
            Open(index, ref slot, _dialled[index].Target.Address);
        }
    }

    private void Open(int index, ref Slot slot, GainAddress target)
    {
        EndConnect(index, ref slot);
        if (_worker.Layers.Has(slot.Address))
        {
            _worker.Layers.NoteHost(index, _dialled[index].Target.Name?.Host);
            if (_dialled[index].Target.SecureHost is { } host)
            {
                BeginStart(index, ref slot, host, target);
                return;
            }
        }

        FinishOpen(index, ref slot);
    }

    /// <summary>It is up, with its layer if it has one.</summary>
    internal void FinishOpen(int index, ref Slot slot)
    {
        DialWaiter? waiter = _dialled[index].Waiter;
        _dialled[index] = default;
        _worker.Counters.Connected++;
        _server.Admission.CountConnected();

        Redials?.NoteUp(index, _table.NowMs);

        // The deadline for the first byte is for clients that connect and say nothing.
        slot.HasReceived = true;
        _worker.Deadlines.ArmDeadlines(index, ref slot);

        // What was written waits. Before the callback, which may throw.
        _table.AddPending(ref slot);
        if (waiter is not null && !waiter.Complete())
        {
            _table.Abort(ref slot, CloseReason.Aborted);
        }

        _worker.Calling = index;
        if (_worker.Declares(index, Callbacks.Connect))
        {
            _worker.Counters.Callbacks++;
            TProtocol.Connect(ref _handlers[index], new Connection(_worker.Writer, ref slot));
        }

        _worker.Calling = Slot.None;
        _worker.Receiver.ArmReceiveIfWanted(index, ref slot);
        if (_worker.Stopper.HasBegun)
        {
            _worker.Stopper.StopOpened(index, ref slot);
        }
    }

    // OnConnectFailed instead of OnClose, and then the way to the slot's end.
    private void Fail(int index, ref Slot slot, ConnectFailure failure)
    {
        EndConnect(index, ref slot);
        EndFailed(index, ref slot, failure, slot.Reason);
        _worker.Closer.TryFree(index);
    }

    private void EndFailed(int index, ref Slot slot, ConnectFailure failure, CloseReason reason)
    {
        DialWaiter? waiter = _dialled[index].Waiter;
        _dialled[index] = default;
        slot.End();
        _worker.Counters.FailedConnects++;
        waiter?.Fail(failure);

        // Who awaits it knows that it did not come up, and dials again or does not.
        bool isOver = waiter is not null || IsOver(ref slot, reason);
        TimeSpan? again = Redials?.NoteEnded(index, isOver, _table.NowMs);
        if (_worker.Declares(index, Callbacks.ConnectFailed))
        {
            CallConnectFailed(index, ref slot, failure with { RedialIn = again });
        }

        PartFailed(ref slot);
        _worker.Deadlines.CancelDeadlines(index, ref slot);
    }

    private void CallConnectFailed(int index, ref Slot slot, ConnectFailure failure)
    {
        _worker.Counters.Callbacks++;
        try
        {
            TProtocol.ConnectFailed(
                ref _handlers[index], new Connection(_worker.Writer, ref slot), failure);
        }
        catch (Exception fault)
        {
            // There is nothing that the fault could end.
            _worker.Writer.ForgetFrame();
            _worker.Faults.CountFault(fault, index);
        }
    }

    // Who it was coupled with closes in order: its handler may just have told it so.
    private void PartFailed(ref Slot slot)
    {
        if (slot.IsCoupled)
        {
            _table.Part(ref slot, isCutOff: false);
        }
    }

    private void EndConnect(int index, ref Slot slot)
    {
        DropNamed(ref _dialled[index]);
        DropSource(ref _dialled[index]);
        slot.End(index, SlotOperation.Connect);
        if (slot.IsReadTimed)
        {
            slot.IsReadTimed = false;
            _table.CancelTimer(index, SlotTimer.Read);
        }

        if (slot.IsSendTimed)
        {
            slot.IsSendTimed = false;
            _table.CancelTimer(index, SlotTimer.Send);
        }
    }

    private ConnectFailure Reason(ref Slot slot, int errno, bool isConnect)
    {
        ref Dialled dialled = ref _dialled[_table.IndexOf(ref slot)];
        GainAddress target = dialled.Addresses is { } tried && dialled.NextAddress != 0
            ? tried[dialled.NextAddress - 1]
            : dialled.Target.Address;
        if (errno != Errno.ECANCELED)
        {
            return ConnectFailure.Of(errno, target, isConnect);
        }

        // Ours, and not the kernel's.
        bool isLate = dialled.HasExpired && !IsGivenUp(ref slot);
        return new ConnectFailure(
            isLate ? ConnectFailureReason.TimedOut : ConnectFailureReason.Cancelled, 0, target);
    }

    /// <summary>The time of a connect is over.</summary>
    internal void Expire(int index, ref Slot slot)
    {
        if (_dialled[index].IsWaiting)
        {
            EndWait(ref slot, ref _dialled[index]);
            return;
        }

        _dialled[index].HasExpired = true;
        _table.AddPending(ref slot);
    }

    /// <summary>The worker has failed, and no completion comes anymore.</summary>
    internal void Abandon(int index, ref Slot slot)
    {
        ConnectFailure failure = Reason(ref slot, Errno.ECANCELED, isConnect: true);
        EndConnect(index, ref slot);
        EndFailed(index, ref slot, failure, CloseReason.ServerStopped);
    }

    private ConnectionHandle HandleOf(int index) => new(
        _worker.Mailbox, index, _table[index].Address, _table[index].Generation);
}
