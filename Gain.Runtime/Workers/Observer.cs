using Gain.CompilerServices;
using Gain.Memory;
using Gain.Rings;
using Gain.Slots;

namespace Gain.Workers;

/// <remarks>
/// What a worker notices of itself: how long its turns last, and what it has to say of peers.
/// </remarks>
internal sealed unsafe partial class Observer<TProtocol, TRing>
    where TProtocol : struct, IProtocol<TProtocol>
    where TRing : struct, IRing
{
    private readonly Worker<TProtocol, TRing> _worker;
    private readonly WorkerSettings _settings;
    private readonly ServerState _server;
    private readonly SlotTable _table;

    internal Observer(Worker<TProtocol, TRing> worker)
    {
        _worker = worker;
        _settings = worker.Settings;
        _server = worker.Server;
        _table = worker.Table;
    }

    private const int TrimAfterMs = 1_000;

    private LogLimiter _faultLog;
    private LogLimiter _socketErrorLog;
    private LogLimiter _slowTurnLog;

    // Code that looks at a running callback holds it, so that the memory stays, as does the worker's end.
    private readonly Lock _observing = new();
    private bool _isUnobservable;
    private long _busySinceMs;

    /// <summary>
    /// When the turn began that the worker is in; 0 while it waits. Two looks that see the same time, and not
    /// 0, have seen the same turn. Any thread.
    /// </summary>
    internal long BusySinceMs => Volatile.Read(ref _busySinceMs);

    /// <summary>Notes that the worker's thread has nothing more to do.</summary>
    internal void EndWork() => Volatile.Write(ref _busySinceMs, 0);

    /// <summary>Whom the running callback serves, as far as that can be told. Any thread.</summary>
    internal string DescribeCaller()
    {
        lock (_observing)
        {
            int index = Volatile.Read(ref _worker.Calling);
            return _isUnobservable || index == Slot.None ? Unknown : DescribeServed(index);
        }
    }

    internal string DescribeServed(int served) => served switch
    {
        Served.Datagram => "a datagram",
        Slot.None => "a new connection",
        _ => DescribePeer(served),
    };

    // A worker that is past the callback may have given the descriptor to another connection: whoever asks
    // looks whether the turn is still the same.
    private string DescribePeer(int index)
    {
        int fd = index < _table.UsedSlots ? Volatile.Read(ref _table[index].Fd) : -1;
        if (fd < 0 || !_worker.Ring.TryGetPeer(fd, out GainAddress peer))
        {
            return Unknown;
        }

        GainAddress client = _worker.Proxies.ClientOf(index);
        return client.Kind == GainAddressKind.None ? $"{peer}" : $"{client} (by {peer})";
    }

    private const string Unknown = "an unknown peer";

    internal void BeginTurn()
    {
        _table.BeginTurn(_worker.Ring.NowMs);
        _worker.Writer.BeginTurn();
        Volatile.Write(ref _busySinceMs, _table.NowMs);
    }

    internal void EndObservation()
    {
        lock (_observing)
        {
            _isUnobservable = true;
        }
    }

    /// <summary>
    /// Notes how long the turn took: so long nobody else was served, and no deadline was kept.
    /// </summary>
    internal void MeasureTurn()
    {
        _worker.Counters.HeldBytes = (long)_table.Segments.InUse * Segment.PooledCapacity;
        if (_table.Segments.HasSurplus)
        {
            ScheduleTrim();
        }

        Volatile.Write(ref _busySinceMs, 0);
        long lasted = _worker.Ring.NowMs - _table.NowMs;
        if (lasted != 0)
        {
            NoteTurn(lasted);
        }
    }

    // A worker whose load has gone wakes once or twice more for this, and then for nothing.
    private void ScheduleTrim()
    {
        if (!_table.Timers.IsArmed(_worker.Deadlines.NumberOf(WorkerTimer.Trim)))
        {
            _worker.Deadlines.ArmTimer(WorkerTimer.Trim, _table.NowMs + TrimAfterMs);
        }
    }

    private void NoteTurn(long lastedMs)
    {
        // An observer sets it back to 0 at any time: a maximum lost to that race is the next turn's.
        if (lastedMs > _worker.Counters.LongestTurnMs)
        {
            _worker.Counters.LongestTurnMs = lastedMs;
        }

        if (_settings.SlowTurnMs != 0 && lastedMs >= _settings.SlowTurnMs)
        {
            _worker.Counters.SlowTurns++;
            if (MayLog(ref _slowTurnLog))
            {
                Log.SlowTurn(_server.Logger, _settings.Index, TProtocol.DisplayName, lastedMs);
            }
        }
    }

    /// <summary>The longest turn since the last call, in milliseconds. Any thread.</summary>
    internal long TakeLongestTurnMs() => Interlocked.Exchange(ref _worker.Counters.LongestTurnMs, 0);

    /// <summary>Whether a fault of a handler, or of the engine's, may be logged now.</summary>
    internal bool MayLogFault() => MayLog(ref _faultLog);

    /// <summary>Whether an error of a socket may be logged now.</summary>
    internal bool MayLogSocketError() => MayLog(ref _socketErrorLog);

    /// <summary>Whether one more message of a kind may be logged now; says how many were left out.</summary>
    internal bool MayLog(ref LogLimiter limiter)
    {
        if (!limiter.TryTake(_table.NowMs, out long suppressed))
        {
            return false;
        }

        if (suppressed != 0)
        {
            Log.Suppressed(_server.Logger, _settings.Index, suppressed);
        }

        return true;
    }
}
