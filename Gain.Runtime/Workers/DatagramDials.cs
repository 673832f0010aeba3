using Gain.CompilerServices;
using Gain.Datagrams;
using Gain.Kernel;
using Gain.Rings;
using Gain.Slots;
using Gain.Sockets;

namespace Gain.Workers;

/// <summary>
/// Sockets for datagrams that are dialled: each has a place in a table, with a generation, as connections
/// have. It is opened and connected, receives until something ends it, and leaves its place when nothing of
/// it is in flight.
/// </summary>
internal sealed unsafe partial class DatagramDials<TProtocol, TRing> : DatagramRoom
    where TProtocol : struct, IProtocol<TProtocol>
    where TRing : struct, IRing
{
    private readonly Worker<TProtocol, TRing> _worker;
    private readonly SlotTable _table;
    private readonly int _most;

    // One more than may be there, so that who is told of an end can dial in its place.
    private readonly DialledSocket?[] _places;
    private readonly TProtocol[] _handlers;

    // The last to be free is the first to be used again: no more places are made than are used at once.
    private readonly int[] _free;
    private int _freeCount;
    private int _made;

    // Those that need attention, in a ring of as many as there are places; each is in it once.
    private readonly int[] _pending;
    private int _firstPending;
    private int _pendingCount;

    private readonly Action<DatagramSocket> _flush;
    private readonly Action<DatagramSocket> _end;
    private int _count;

    internal DatagramDials(Worker<TProtocol, TRing> worker)
    {
        _worker = worker;
        _table = worker.Table;
        _most = worker.Settings.Datagrams.MostDialled;
        _places = new DialledSocket?[_most + 1];
        _handlers = new TProtocol[_places.Length];
        _free = new int[_places.Length];
        _pending = new int[_places.Length];
        _flush = socket => Send(_places[socket.Index]!);
        _end = socket => End(_places[socket.Index]!, DatagramEndReason.Local, errno: 0);
    }

    public override bool HasWork => _pendingCount != 0;

    public override bool HasAny => _freeCount != _made;

    /// <summary>Begins a socket.</summary>
    /// <param name="handler">What serves it.</param>
    /// <param name="target">An address.</param>
    /// <param name="setting">How.</param>
    /// <param name="address">Which of what is dialled it is of.</param>
    /// <param name="waiter">Who is told if it does not open; null for the handler.</param>
    /// <returns>Null at the limit.</returns>
    internal DatagramPlace? TryBegin(
        in TProtocol handler,
        in RemoteEnd target,
        DatagramDialSetting setting,
        byte address,
        DialWaiter? waiter)
    {
        if (_count == _most)
        {
            return null;
        }

        DialledSocket dialled = TakePlace();
        DatagramSocket socket = dialled.Socket;
        bool isAddress = target.Address.Kind is GainAddressKind.IPv4 or GainAddressKind.IPv6
            && target.Address.Port != 0;
        int fd = isAddress
            ? _worker.Ring.OpenOutgoing(setting.Sockets, target.Family)
            : -Errno.EAFNOSUPPORT;
        Volatile.Write(ref _count, _count + 1);
        socket.Address = address;
        socket.Begin(fd, target.Family, target.Address);
        dialled.Begin(setting, waiter, errno: fd < 0 ? -fd : 0, _table.NowMs);
        _handlers[socket.Index] = handler;
        AddPending(dialled);
        return socket;
    }

    private DialledSocket TakePlace()
    {
        int index = _freeCount != 0 ? _free[--_freeCount] : _made++;
        return _places[index] ?? MakePlace(index);
    }

    private DialledSocket MakePlace(int index)
    {
        DatagramOutbox outbox;
        try
        {
            outbox = _worker.Datagrams.MakeOutbox(isUnix: false);
        }
        catch
        {
            // No memory for it: the place is as it was.
            _free[_freeCount++] = index;
            throw;
        }

        var socket = new DatagramSocket(_table, Slot.NoSocket, index, default, outbox)
        {
            IsDialled = true,
            IsShut = true,
            Flush = _flush,
            End = _end,
        };

        // Others read what is counted in it.
        Volatile.Write(ref _places[index], new DialledSocket(socket));
        return _places[index]!;
    }

    private void AddPending(DialledSocket dialled)
    {
        if (dialled.IsPending)
        {
            return;
        }

        dialled.IsPending = true;
        _pending[(_firstPending + _pendingCount++) % _pending.Length] = dialled.Socket.Index;
    }

    public override void Settle()
    {
        // Those that a callback adds now are the next turn's, so that dials that fail at once end no turn.
        for (int left = _pendingCount; left > 0; left--)
        {
            DialledSocket dialled = _places[_pending[_firstPending]]!;
            _firstPending = (_firstPending + 1) % _pending.Length;
            _pendingCount--;
            dialled.IsPending = false;
            Settle(dialled);
        }
    }

    private void Settle(DialledSocket dialled)
    {
        switch (dialled.State)
        {
            case DialledState.Opening when dialled.Errno != 0:
                End(dialled, ReasonOf(dialled.Errno), dialled.Errno);
                break;
            case DialledState.Opening when !dialled.IsConnecting:
                ArmConnect(dialled);
                break;
            case DialledState.Open:
                ArmReceive(dialled);
                Send(dialled);
                break;
            case DialledState.Ending:
                SettleEnd(dialled);
                break;
        }
    }

    public override void AddCounts(ref WorkerCounters counters)
    {
        counters.DialledDatagramSockets += Volatile.Read(ref _count);
        foreach (ref DialledSocket? place in _places.AsSpan())
        {
            if (Volatile.Read(ref place)?.Socket.Outbox is { } outbox)
            {
                counters.DatagramsOut += Volatile.Read(ref outbox.Sent);
                counters.BytesOut += Volatile.Read(ref outbox.SentBytes);
                counters.DroppedDatagrams += Volatile.Read(ref outbox.Dropped);
                counters.DatagramErrors += Volatile.Read(ref outbox.Errors);
            }
        }
    }

    public override void Close()
    {
        foreach (DialledSocket? dialled in _places)
        {
            dialled?.Socket.Outbox.Dispose();
        }
    }
}
