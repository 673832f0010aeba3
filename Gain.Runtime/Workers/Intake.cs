using System.Runtime.CompilerServices;
using Gain.CompilerServices;
using Gain.Kernel;
using Gain.Mail;
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
    private readonly Listeners _listeners;

    internal Intake(Worker<TProtocol, TRing> worker)
    {
        _worker = worker;
        _mostForRoom = worker.Settings.Dials.KeepsAny ? MostForRoom : 0;
        _parked = new Queue<(int Fd, Origin Origin)>(
            Math.Max(worker.Settings.Accepts.MaxParked, _mostForRoom));
        _peers = worker.Server.Admission.ChecksAddresses
            ? new GainAddress[worker.Settings.MaxConnections]
            : null;
        _settings = worker.Settings;
        _server = worker.Server;
        _table = worker.Table;
        _handlers = worker.Handlers;
        _listeners = worker.Listeners;
    }

    // Who is at the other end, where addresses are counted.
    private readonly GainAddress[]? _peers;

    private LogLimiter _acceptLog;

    /// <summary>Who is at the other end of a connection, where addresses are counted.</summary>
    internal GainAddress PeerOf(int index) => _peers is null ? default : _peers[index];

    /// <summary>
    /// Counts a connection that counted for no address as one of its client's, if that one may have another.
    /// </summary>
    internal RefusalReason Attribute(int index, GainAddress client)
    {
        if (_peers is null)
        {
            return RefusalReason.None;
        }

        RefusalReason reason = _server.Admission.TryAttribute(client);
        if (reason == RefusalReason.None)
        {
            _peers[index] = client;
        }

        return reason;
    }

    /// <summary>Ends a connection that is open, and that its handler was not told of, as one that is not
    /// taken in.</summary>
    internal void RefuseOpen(ref Slot slot, RefusalReason reason)
    {
        _worker.Counters.CountRefused(reason);
        if (reason == RefusalReason.AddressLimit)
        {
            // Closed in order, as a reset could overtake it.
            SayFarewell(slot.Fd);
            _table.Close(ref slot, CloseReason.Aborted);
        }
        else
        {
            _table.Abort(ref slot, CloseReason.Aborted);
        }
    }

    /// <summary>The slot is a dial's: it counts for no address, as a Unix socket does not.</summary>
    internal void NoteOutgoing(int index)
    {
        if (_peers is not null)
        {
            _peers[index] = GainAddress.Unix;
        }
    }

    /// <summary>A descriptor is free: an accept that waits for one need not wait longer.</summary>
    internal void NoteFreed()
    {
        if (_listeners.IsHeldFor(AcceptHold.Error))
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
            _listeners.Arm(ref _worker.Ring, index);
        }
    }

    /// <summary>Takes a connection in, or handles the accept's failure.</summary>
    /// <param name="completion">The completion of a listener's accept.</param>
    public void HandleAccept(CompletionEntry completion)
    {
        AcceptOutcome outcome = _listeners.Handle(ref _worker.Ring, completion, _table.NowMs);
        if (outcome == AcceptOutcome.Accepted)
        {
            TakeInAccepted(completion.Result, Token.SlotOf(completion.UserData));
        }
        else
        {
            NoteOutcome(outcome, -completion.Result);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void NoteOutcome(AcceptOutcome outcome, int error)
    {
        switch (outcome)
        {
            case AcceptOutcome.Early:
                _worker.Deadlines.ArmTimer(WorkerTimer.AcceptRate, _listeners.EarlyAtMs);
                break;

            case AcceptOutcome.Lost:
                _worker.Counters.AcceptErrors++;
                break;

            case AcceptOutcome.Failed or AcceptOutcome.FailedAgain:
                _worker.Counters.AcceptErrors++;
                if (outcome == AcceptOutcome.Failed && _worker.Observer.MayLog(ref _acceptLog))
                {
                    Log.AcceptFailed(
                        _server.Logger, _settings.Index, Errno.Name(error), Errno.Meaning(error));
                }

                if (_listeners.RetryAtMs != Listeners.Never)
                {
                    _worker.Deadlines.ArmTimer(WorkerTimer.AcceptRetry, _listeners.RetryAtMs);
                }

                break;
        }
    }

    /// <summary>What a listener that ends waits for has a time.</summary>
    internal void ArmTimers()
    {
        if (_listeners.RetryAtMs != Listeners.Never)
        {
            _worker.Deadlines.ArmTimer(WorkerTimer.AcceptRetry, _listeners.RetryAtMs);
        }

        if (_listeners.EarlyAtMs != Listeners.Never)
        {
            _worker.Deadlines.ArmTimer(WorkerTimer.AcceptRate, _listeners.EarlyAtMs);
        }
    }

    internal void TakeInAccepted(int fd, int index)
    {
        ref Listener listener = ref _listeners[index];
        if (listener.Adjustments is { } adjustments)
        {
            Adjust(fd, adjustments);
        }

        if (_routes is not null && TryHandOver(fd, listener.Origin))
        {
            return;
        }

        _server.HandOvers.Add(_settings.Index);
        TakeIn(fd, listener.Origin);
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
    internal void TakeIn(int fd, Origin origin)
    {
        RefusalReason reason = Open(fd, origin);
        if (reason == RefusalReason.None)
        {
            return;
        }

        if (reason != RefusalReason.ConnectionLimit || !TryPark(fd, origin))
        {
            Refuse(fd, reason);
        }
    }

    /// <summary>Makes a connection of a socket accepted at one of the addresses, if it may be.</summary>
    private RefusalReason Open(int fd, Origin origin)
    {
        try
        {
            return TryOpen(fd, origin);
        }
        catch (Exception fault) when (_worker.Calling == Slot.None && fault is not RingException)
        {
            // There is no connection yet that could be closed.
            _worker.Faults.IsEngineFault = true;
            _ = _worker.Faults.CountFault(fault, Slot.None);
            return RefusalReason.Fault;
        }
    }

    private RefusalReason TryOpen(int fd, Origin origin)
    {
        if (_worker.Stopper.Stage == StopStage.Aborting)
        {
            return RefusalReason.Stopping;
        }

        RefusalReason reason = Identify(fd, origin.Address, out bool isBehindProxy, out GainAddress peer);
        if (reason != RefusalReason.None)
        {
            return reason;
        }

        if (_table.IsFull)
        {
            return RefusalReason.ConnectionLimit;
        }

        if (_worker.Layers.IsAtLimit(origin.Address))
        {
            return RefusalReason.HandshakeLimit;
        }

        reason = _server.Admission.TryOpen(peer);
        if (reason != RefusalReason.None)
        {
            return reason;
        }

        int index = _table.Allocate(fd, origin.Address, origin.Tag);

        // From here on a fault ends a connection.
        _worker.Calling = index;
        NoteOpened(index, peer);
        _handlers[index] = _worker.Prototypes[origin.Address];
        ref Slot slot = ref _table[index];
        _worker.Deadlines.ArmDeadlines(index, ref slot);
        if (isBehindProxy)
        {
            _worker.Proxies.Begin(index, ref slot);
        }
        else if (!_worker.Layers.Begins(index, ref slot))
        {
            CallAccept(index, ref slot);
        }

        _worker.Calling = Slot.None;
        _worker.Receiver.ArmReceiveIfWanted(index, ref slot);
        if (_worker.Stopper.HasBegun)
        {
            _worker.Stopper.StopOpened(index, ref slot);
        }

        return RefusalReason.None;
    }

    private void NoteOpened(int index, GainAddress peer)
    {
        if (_peers is not null)
        {
            _peers[index] = peer;
        }

        _worker.Counters.Accepted++;
        _worker.Dialer.LeaveRoom();
    }

    // Who is behind a balancer is not known yet: until it is, the connection counts for no address.
    private RefusalReason Identify(int fd, byte address, out bool isBehindProxy, out GainAddress peer)
    {
        peer = GainAddress.Unix;
        RefusalReason reason = _worker.Proxies.Judge(fd, address, out isBehindProxy);
        if (reason != RefusalReason.None || isBehindProxy)
        {
            return reason;
        }

        return !_server.Admission.ChecksAddresses || _worker.Ring.TryGetPeer(fd, out peer)
            ? RefusalReason.None
            : RefusalReason.Gone;
    }

    /// <summary>The handler gets its connection; a fault in it is that connection's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void CallAccept(int index, ref Slot slot)
    {
        if (_worker.Declares(index, Callbacks.Accept))
        {
            _worker.Counters.Callbacks++;
            TProtocol.Accept(ref _handlers[index], new Connection(_worker.Writer, ref slot));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void Refuse(int fd, RefusalReason reason)
    {
        _worker.Counters.CountRefused(reason);
        if (reason is RefusalReason.ConnectionLimit or RefusalReason.AddressLimit)
        {
            SayFarewell(fd);
        }

        _worker.Ring.Close(fd);
        _server.HandOvers.Remove(_settings.Index);
    }

    private void SayFarewell(int fd)
    {
        ReadOnlySpan<byte> farewell = _settings.Accepts.Farewell.Span;
        if (farewell.IsEmpty)
        {
            return;
        }

        // A new socket's buffer is empty, so that it takes all; a peer that is gone misses nothing.
        fixed (byte* data = farewell)
        {
            _worker.Ring.SendNow(fd, data, farewell.Length);
        }

        _worker.Ring.ShutdownWrite(fd);
    }

    /// <summary>Takes in those whose moment in the rate has come.</summary>
    internal void TakeInEarly()
    {
        while (_listeners.TryTakeEarly(ref _worker.Ring, _table.NowMs, out int index, out int fd))
        {
            // Before the callback, which may throw.
            long next = _listeners.EarlyAtMs;
            if (next != Listeners.Never)
            {
                _worker.Deadlines.ArmTimer(WorkerTimer.AcceptRate, next);
            }

            TakeInAccepted(fd, index);
        }
    }

    private void RefuseEarly()
    {
        while (_listeners.TryTakeEarly(out _, out int fd))
        {
            _server.HandOvers.Add(_settings.Index);
            Refuse(fd, RefusalReason.Stopping);
        }
    }
}
