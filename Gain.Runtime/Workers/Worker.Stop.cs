using Gain.Connections;

namespace Gain.Workers;

public sealed unsafe partial class Worker<TProtocol, TRing>
{
    private StopStage _stop;

    // Asked after the turn's settling, which may free the last connection: nothing would end the wait then.
    private bool HasStopped => _stop >= StopStage.Closing && _table.Count == 0 && _parked.Count == 0
        && !AnyListens() && !HasDatagrams && !AnyHandOverComes();

    /// <summary>One step towards the end, once a turn.</summary>
    private void AdvanceStop()
    {
        bool done = false;
        while (!done)
        {
            try
            {
                StepTowardsStop();
                done = true;
            }
            catch (Exception fault) when (IsContained(fault, Slot.None))
            {
                // Each part goes on where it was.
                HandleFault(fault);
            }
        }
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
            CancelTimer(WorkerTimer.Stop);
            RefuseParked();
            AbortAll();
            AbortDatagrams();
        }

        if (_stop == StopStage.Aborting)
        {
            EndListening();
            return;
        }

        // A later call may have brought the deadline forward.
        ArmTimer(WorkerTimer.Stop, _server.StopDeadlineMs);
        TellOfStop();
        TakeInWaiting();
        EndDatagramReceives();
    }

    private void BeginStop()
    {
        _stop = StopStage.Delivering;
        _overflowsAtStop = _ring.Overflows;
        _datagramsAtStop = _counters.DatagramsIn;
        _toTell = 0;
        _toTellEnd = TProtocol.Declared.HasFlag(Callbacks.Stopping) ? _table.UsedSlots : 0;
        EndHandOvers();
        CancelTimer(WorkerTimer.AcceptRetry);
        CancelTimer(WorkerTimer.AcceptRate);
        CancelAccepts();
    }

    // In this order: when nobody hands over anymore, a count of 0 stays, and nothing is on its way.
    private bool AnyHandOverComes() =>
        !_server.HandOvers.HaveEnded || _server.HandOvers[_settings.Index] != 0;

    /// <summary>
    /// After an orderly end everything is home again: slots, segments, carries and buffers.
    /// </summary>
    private void CheckConservation()
    {
        int buffersAway = _ring.CountLentBuffers();
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

            if ((slot.Flags & SlotFlags.Lingering) != 0)
            {
                EndLinger(i, ref slot);
            }
            else
            {
                _table.Abort(ref slot, CloseReason.Aborted);
            }
        }
    }
}
