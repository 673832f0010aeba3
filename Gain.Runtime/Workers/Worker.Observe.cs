using Gain.Memory;
using Gain.Slots;

namespace Gain.Workers;

/// <remarks>
/// What a worker notices of itself: how long its turns last, and what it has to say of peers.
/// </remarks>
internal sealed unsafe partial class Worker<TProtocol, TRing>
{
    private const int TrimAfterMs = 1_000;

    private LogLimiter _acceptLog;
    private LogLimiter _faultLog;
    private LogLimiter _socketErrorLog;
    private LogLimiter _budgetLog;
    private LogLimiter _slowTurnLog;

    // Whoever looks at what a callback is doing holds it, so that the memory stays, as does the worker's end.
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
            int index = Volatile.Read(ref _calling);
            return _isUnobservable || index == Slot.None ? Unknown : DescribeServed(index);
        }
    }

    private string DescribeServed(int served) => served switch
    {
        DatagramCall => "a datagram",
        Slot.None => "a new connection",
        _ => DescribePeer(served),
    };

    // A worker that is past the callback may have given the descriptor to another connection: whoever asks
    // looks whether the turn is still the same.
    private string DescribePeer(int index)
    {
        int fd = index < _table.UsedSlots ? Volatile.Read(ref _table[index].Fd) : -1;
        return fd >= 0 && _ring.TryGetPeer(fd, out GainAddress peer) ? $"{peer}" : Unknown;
    }

    private const string Unknown = "an unknown peer";

    private void BeginTurn()
    {
        _table.BeginTurn(_ring.NowMs);
        Volatile.Write(ref _busySinceMs, _table.NowMs);
    }

    private void EndObservation()
    {
        lock (_observing)
        {
            _isUnobservable = true;
        }
    }

    /// <summary>
    /// Notes how long the turn took: so long nobody else was served, and no deadline was kept.
    /// </summary>
    private void MeasureTurn()
    {
        _counters.HeldBytes = (long)_table.Segments.InUse * Segment.PooledCapacity;
        if (_table.Segments.HasSurplus)
        {
            ScheduleTrim();
        }

        Volatile.Write(ref _busySinceMs, 0);
        long lasted = _ring.NowMs - _table.NowMs;
        if (lasted != 0)
        {
            NoteTurn(lasted);
        }
    }

    // A worker whose load has gone wakes once or twice more for this, and then for nothing.
    private void ScheduleTrim()
    {
        if (!_table.Timers.IsArmed(NumberOf(WorkerTimer.Trim)))
        {
            ArmTimer(WorkerTimer.Trim, _table.NowMs + TrimAfterMs);
        }
    }

    private void NoteTurn(long lastedMs)
    {
        // An observer sets it back to 0 at any time: a maximum lost to that race is the next turn's.
        if (lastedMs > _counters.LongestTurnMs)
        {
            _counters.LongestTurnMs = lastedMs;
        }

        if (_settings.SlowTurnMs != 0 && lastedMs >= _settings.SlowTurnMs)
        {
            _counters.SlowTurns++;
            if (MayLog(ref _slowTurnLog))
            {
                Log.SlowTurn(_server.Logger, _settings.Index, TProtocol.DisplayName, lastedMs);
            }
        }
    }

    /// <summary>The longest turn since the last call, in milliseconds. Any thread.</summary>
    internal long TakeLongestTurnMs() => Interlocked.Exchange(ref _counters.LongestTurnMs, 0);

    private bool MayLog(ref LogLimiter limiter)
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
