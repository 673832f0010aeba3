using System.Runtime.CompilerServices;
using Gain.CompilerServices;
using Gain.Kernel;
using Gain.Rings;
using Gain.Slots;
using Gain.Sockets;
using Gain.Uring;

namespace Gain.Workers;

internal sealed unsafe partial class Intake<TProtocol, TRing>
    where TProtocol : struct, IProtocol<TProtocol>
    where TRing : struct, IRing
{
    private readonly Worker<TProtocol, TRing> _worker;
    private readonly WorkerSettings _settings;
    private readonly ServerState _server;
    private readonly SlotTable _table;
    private readonly TProtocol[] _handlers;
    private readonly Listener[] _listeners;

    internal Intake(Worker<TProtocol, TRing> worker)
    {
        _worker = worker;
        _parked = new Queue<(int Fd, byte Address)>(worker.Settings.Accepts.MaxParked);
        _peers = worker.Server.Admission.ChecksAddresses ? new GainAddress[worker.Settings.MaxConnections] : null;
        _settings = worker.Settings;
        _server = worker.Server;
        _table = worker.Table;
        _handlers = worker.Handlers;
        _listeners = worker.Listeners;
    }

    // Who is at the other end, where addresses are counted.
    private readonly GainAddress[]? _peers;

    private LogLimiter _acceptLog;

    // Descriptors ran out, or the like: how long until the next try, unless a connection closes before.
    private int _acceptBackoffMs;
    private AcceptHold _acceptHold;

    /// <summary>Who is at the other end of a connection, where addresses are counted.</summary>
    internal GainAddress PeerOf(int index) => _peers is null ? default : _peers[index];

    /// <summary>A descriptor is free: an accept that waits for one need not wait longer.</summary>
    internal void NoteFreed()
    {
        if ((_acceptHold & AcceptHold.Error) != 0)
        {
            _worker.Deadlines.ArmTimer(WorkerTimer.AcceptRetry, _table.NowMs);
        }
    }

    internal void ArmAccept(int index)
    {
        if (_listeners[index].IsDatagram)
        {
            _worker.Datagrams.ArmDatagrams(index);
        }
        else
        {
            _listeners[index].ArmAccept(ref _worker.Ring, index, _server.Admission.LimitsRate);
        }
    }

    /// <summary>Takes a connection in, or handles the accept's failure.</summary>
    /// <param name="completion">The completion of a listener's accept.</param>
    public void HandleAccept(CompletionEntry completion)
    {
        int index = Token.SlotOf(completion.UserData);
        ref Listener listener = ref _listeners[index];
        if (!completion.HasMore)
        {
            listener.IsArmed = false;
        }

        bool isEarly = false;
        if (completion.Result < 0)
        {
            HandleAcceptError(-completion.Result);
        }
        else if (_server.Admission.LimitsRate && !_worker.Stopper.HasBegun)
        {
            isEarly = TryHoldEarly(ref listener, completion.Result);
        }

        // Before the callback, which may throw.
        if (!listener.IsArmed && _acceptHold == AcceptHold.None && !_worker.Stopper.HasBegun)
        {
            ArmAccept(index);
        }

        if (completion.Result >= 0)
        {
            _acceptBackoffMs = 0;
            if (!isEarly)
            {
                TakeInAccepted(completion.Result, index);
            }
        }
    }

    internal void TakeInAccepted(int fd, int index)
    {
        ref Listener listener = ref _listeners[index];
        if (listener.Adjustments is { } adjustments)
        {
            Adjust(fd, adjustments);
        }

        if (_routes is not null && TryHandOver(fd, index))
        {
            return;
        }

        _server.HandOvers.Add(_settings.Index);
        TakeIn(fd, listener.Address);
    }

    private void Adjust(int fd, AcceptedSocketOptions adjustments)
    {
        int result = adjustments.Apply(fd);
        if (result < 0)
        {
            _worker.Counters.SocketErrors++;
            if (_worker.Observer.MayLogSocketError())
            {
                Log.OptionFailed(_server.Logger, Errno.Name(-result), Errno.Meaning(-result));
            }
        }
    }

    /// <summary>Takes in a socket that counts for this worker: accepted here, or handed over.</summary>
    internal void TakeIn(int fd, byte address)
    {
        RefusalReason reason = Open(fd, address);
        if (reason == RefusalReason.None)
        {
            return;
        }

        if (reason != RefusalReason.ConnectionLimit || !TryPark(fd, address))
        {
            Refuse(fd, reason);
        }
    }

    /// <summary>Makes a connection of a socket accepted at one of the addresses, if it may be.</summary>
    private RefusalReason Open(int fd, byte address)
    {
        try
        {
            return TryOpen(fd, address);
        }
        catch (Exception fault) when (_worker.Calling == Slot.None && fault is not RingException)
        {
            // There is no connection yet that could be closed.
            _worker.IsEngineFault = true;
            _ = _worker.CountFault(fault, Slot.None);
            return RefusalReason.Fault;
        }
    }

    private RefusalReason TryOpen(int fd, byte address)
    {
        if (_worker.Stopper.Stage == StopStage.Aborting)
        {
            return RefusalReason.Stopping;
        }

        GainAddress peer = default;
        if (_server.Admission.ChecksAddresses && !_worker.Ring.TryGetPeer(fd, out peer))
        {
            return RefusalReason.Gone;
        }

        if (_table.IsFull)
        {
            return RefusalReason.ConnectionLimit;
        }

        RefusalReason reason = _server.Admission.TryOpen(peer);
        if (reason != RefusalReason.None)
        {
            return reason;
        }

        int index = _table.Allocate(fd, address);

        // From here on a fault ends a connection.
        _worker.Calling = index;
        if (_peers is not null)
        {
            _peers[index] = peer;
        }

        _worker.Counters.Accepted++;
        _handlers[index] = _worker.Prototypes[address];
        ref Slot slot = ref _table[index];
        _worker.Deadlines.ArmDeadlines(index, ref slot);
        if (_worker.Declares(index, Callbacks.Accept))
        {
            _worker.Counters.Callbacks++;
            TProtocol.Accept(ref _handlers[index], new Connection(_worker.Writer, ref slot));
        }

        _worker.Calling = Slot.None;
        _worker.Receiver.ArmReceiveIfWanted(index, ref slot);
        if (_worker.Stopper.HasBegun)
        {
            _worker.Stopper.StopOpened(index, ref slot);
        }

        return RefusalReason.None;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void Refuse(int fd, RefusalReason reason)
    {
        _worker.Counters.CountRefused(reason);
        ReadOnlySpan<byte> farewell = _settings.Accepts.Farewell.Span;
        if (reason is RefusalReason.ConnectionLimit or RefusalReason.AddressLimit && !farewell.IsEmpty)
        {
            // A new socket's buffer is empty, so that it takes all; a peer that is gone misses nothing.
            fixed (byte* data = farewell)
            {
                _worker.Ring.SendNow(fd, data, farewell.Length);
            }

            _worker.Ring.ShutdownWrite(fd);
        }

        _worker.Ring.Close(fd);
        _server.HandOvers.Remove(_settings.Index);
    }

    private bool TryHoldEarly(ref Listener listener, int fd)
    {
        bool isEarly = AcceptPacing.TryHold(ref listener, fd, _server.Admission, _table.NowMs);
        if (isEarly)
        {
            _worker.Deadlines.ArmTimer(WorkerTimer.AcceptRate, AcceptPacing.NextMs(_listeners));
        }

        return isEarly;
    }

    /// <summary>Takes in those whose moment in the rate has come.</summary>
    internal void TakeInEarly()
    {
        while (AcceptPacing.TryTake(_listeners, _table.NowMs, out int index, out int fd))
        {
            // Before the callback, which may throw.
            long next = AcceptPacing.NextMs(_listeners);
            if (next != AcceptPacing.Never)
            {
                _worker.Deadlines.ArmTimer(WorkerTimer.AcceptRate, next);
            }

            if (!_listeners[index].IsArmed && _acceptHold == AcceptHold.None)
            {
                ArmAccept(index);
            }

            TakeInAccepted(fd, index);
        }
    }

    private void RefuseEarly()
    {
        while (AcceptPacing.TryTake(_listeners, AcceptPacing.Never, out _, out int fd))
        {
            _server.HandOvers.Add(_settings.Index);
            Refuse(fd, RefusalReason.Stopping);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void HandleAcceptError(int error)
    {
        switch (error)
        {
            case Errno.ECANCELED:
            case Errno.EINVAL when _worker.Stopper.HasBegun:
                return;

            case var _ when AcceptErrors.IsOfOneConnection(error):
                _worker.Counters.AcceptErrors++;
                return;

            default:
                // EMFILE, ENFILE, ENOBUFS, ENOMEM and what is unknown: the next try would fail as well.
                // The clients wait in the listen queue meanwhile.
                _worker.Counters.AcceptErrors++;
                if (_acceptBackoffMs == 0 && _worker.Observer.MayLog(ref _acceptLog))
                {
                    Log.AcceptFailed(
                        _server.Logger, _settings.Index, Errno.Name(error), Errno.Meaning(error));
                }

                _acceptBackoffMs = AcceptErrors.NextBackoff(_acceptBackoffMs);
                if (!_worker.Stopper.HasBegun)
                {
                    _acceptHold |= AcceptHold.Error;
                    _worker.Deadlines.ArmTimer(WorkerTimer.AcceptRetry, _table.NowMs + _acceptBackoffMs);
                }

                return;
        }
    }

    /// <summary>Stops accepting until the reason is gone.</summary>
    private void HoldAccepts(AcceptHold reason)
    {
        bool isFirst = _acceptHold == AcceptHold.None;
        _acceptHold |= reason;
        if (isFirst)
        {
            CancelAccepts();
        }
    }

    /// <summary>A reason not to accept is gone.</summary>
    internal void ReleaseAccepts(AcceptHold reason)
    {
        _acceptHold &= ~reason;
        if (_acceptHold != AcceptHold.None || _worker.Stopper.HasBegun)
        {
            return;
        }

        // One that is being cancelled is armed by its last completion.
        for (int i = 0; i < _listeners.Length; i++)
        {
            if (!_listeners[i].IsArmed)
            {
                ArmAccept(i);
            }
        }
    }

    internal void CancelAccepts()
    {
        for (int i = 0; i < _listeners.Length; i++)
        {
            // Datagrams take no place that there could be too few of.
            if (_listeners[i].IsArmed && !_listeners[i].IsDatagram)
            {
                _worker.Ring.PrepCancel(
                    Token.Pack(Operation.Accept, i, 0), Token.Pack(Operation.CancelIgnored, i, 0));
            }
        }
    }
}
