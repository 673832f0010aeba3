using Gain.CompilerServices;
using Gain.Rings;
using Gain.Slots;
using Gain.Writing;

namespace Gain.Workers;

internal sealed unsafe partial class Stopper<TProtocol, TRing>
    where TProtocol : struct, IProtocol<TProtocol>
    where TRing : struct, IRing
{
    private readonly Worker<TProtocol, TRing> _worker;
    private readonly WorkerSettings _settings;
    private readonly ServerState _server;
    private readonly SlotTable _table;
    private readonly ConnectionWriter _writer;
    private readonly TProtocol[] _handlers;
    private readonly Listeners _listeners;

    internal Stopper(Worker<TProtocol, TRing> worker)
    {
        _worker = worker;
        _arrived = new SlotNumbers(worker.Settings.MaxConnections);
        _settings = worker.Settings;
        _server = worker.Server;
        _table = worker.Table;
        _writer = worker.Writer;
        _handlers = worker.Handlers;
        _listeners = worker.Listeners;
    }

    private StopStage _stop;

    // The deadline that the worker's timer is armed for.
    private long _deadlineMs;

    /// <summary>How far the stop is.</summary>
    internal StopStage Stage => _stop;

    /// <summary>
    /// Whether a stop was asked for since the last look, or for a sooner end: whoever asked between that
    /// look and the latch has woken nobody.
    /// </summary>
    internal bool HasNews => _stop switch
    {
        StopStage.None => _server.StopRequested,
        StopStage.Delivering or StopStage.Closing => _server.StopDeadlineMs != _deadlineMs,
        _ => false,
    };

    /// <summary>Whether a stop has begun.</summary>
    internal bool HasBegun => _stop != StopStage.None;

    // Asked after the turn's settling, which may free the last connection: nothing would end the wait then.
    internal bool HasStopped => _stop >= StopStage.Closing && _table.Count == 0 && !_worker.Intake.HasParked
        && !_worker.Dialer.HasAttempts && !_listeners.AnyListens && !_worker.Datagrams.HasDatagrams
        && !AnyHandOverComes();

    /// <summary>One step towards the end, once a turn.</summary>
    internal void AdvanceStop()
    {
        var step = new StopStep();
        _worker.Faults.RunGuarded(ref step);
    }

    private void StepTowardsStop()
    {
        if (_stop == StopStage.None)
        {
            BeginStop();
        }
        else if (_stop == StopStage.Delivering && HasSeenAllCompletions())
        {
            _stop = StopStage.Closing;
            CountArrived();
        }
        else if (_stop == StopStage.Delivering && _table.NowMs >= _server.StopDeadlineMs)
        {
            // The ring has had no room for completions all the time.
            _stop = StopStage.Closing;
        }

        if (_table.NowMs >= _server.StopDeadlineMs && _stop == StopStage.Closing)
        {
            _stop = StopStage.Aborting;
            _worker.Deadlines.CancelTimer(WorkerTimer.Stop);
            _worker.Intake.RefuseParked();
            AbortAll();
            _worker.Datagrams.AbortDatagrams();
        }

        if (_stop == StopStage.Aborting)
        {
            EndListening();
            return;
        }

        // A later call may have brought the deadline forward.
        _deadlineMs = _server.StopDeadlineMs;
        _worker.Deadlines.ArmTimer(WorkerTimer.Stop, _deadlineMs);
        TellOfStop();
        TakeInWaiting();
        EndDatagramReceives();
    }

    private void BeginStop()
    {
        _stop = StopStage.Delivering;
        _overflowsAtStop = _worker.Ring.Overflows;
        _datagramsAtStop = _worker.Counters.DatagramsIn;
        _toTell = 0;
        _toTellEnd = TProtocol.Declared.HasFlag(Callbacks.Stopping) ? _table.UsedSlots : 0;
        _worker.Intake.EndHandOvers();
        _worker.Deadlines.CancelTimer(WorkerTimer.AcceptRetry);
        _worker.Deadlines.CancelTimer(WorkerTimer.AcceptRate);
        _listeners.BeginStop(ref _worker.Ring);
        _worker.Dialer.StopWaiting();
    }

    // In this order: when nobody hands over anymore, a count of 0 stays, and nothing is on its way.
    private bool AnyHandOverComes() =>
        !_server.HandOvers.HaveEnded || _server.HandOvers[_settings.Index] != 0;

    /// <summary>
    /// After an orderly end everything is home again: slots, segments, carries and buffers.
    /// </summary>
    internal void CheckConservation()
    {
        int buffersAway = _worker.Ring.CountLentBuffers();
        if (_worker.Splices is { PipesInUse: not 0 and int pipes })
        {
            throw new InvalidOperationException(
                $"A worker ended with {pipes} pipes that never came back.");
        }

        if (_table.Count != 0 || _table.Segments.InUse != 0 || _table.Carries.InUse != 0 || buffersAway != 0)
        {
            throw new InvalidOperationException(
                $"A worker ended with {_table.Count} slots, {_table.Segments.InUse} segments, "
                + $"{_table.Carries.InUse} carries and {buffersAway} receive buffers that never came back.");
        }
    }

    private void AbortAll()
    {
        for (int i = 0; i < _table.UsedSlots; i++)
        {
            ref Slot slot = ref _table[i];
            if (slot.Fd < 0)
            {
                continue;
            }

            if (slot.IsLingering)
            {
                _worker.Closer.EndLinger(i, ref slot);
            }
            else
            {
                _table.Abort(ref slot, CloseReason.Aborted);
            }
        }
    }

    /// <summary>Frees its memory: the worker has ended.</summary>
    internal void Close() => _arrived.Dispose();

    /// <summary>A step of the stop, of which each part goes on where it was.</summary>
    private readonly struct StopStep : IGuardedStep<TProtocol, TRing>
    {
        public void Run(Worker<TProtocol, TRing> worker) => worker.Stopper.StepTowardsStop();

        public int FindServed(Worker<TProtocol, TRing> worker) => Slot.None;
    }
}
