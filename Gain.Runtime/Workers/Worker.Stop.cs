using Gain.Connections;

namespace Gain.Workers;

public sealed unsafe partial class Worker<TProtocol, TRing>
{
    private StopStage _stop;

    // Asked after the turn's settling, which may free the last connection: nothing would end the wait then.
    private bool HasStopped => _stop >= StopStage.Closing && _table.Count == 0 && !AnyAcceptArmed()
        && !HasDatagrams && !AnyHandOverComes();

    /// <summary>One step towards the end, once a turn.</summary>
    private void AdvanceStop()
    {
        switch (_stop)
        {
            case StopStage.None:
                _stop = StopStage.Delivering;
                EndHandOvers();
                CancelAccepts();
                CancelTimer(WorkerTimer.AcceptRetry);
                CancelTimer(WorkerTimer.AcceptRate);
                RefuseParked();
                // What has arrived needs one more turn to be delivered and answered.
                break;

            case StopStage.Delivering:
                _stop = StopStage.Closing;
                CloseAll();
                ArmTimer(WorkerTimer.Stop, _server.StopDeadlineMs);
                break;

            case StopStage.Closing when _table.NowMs >= _server.StopDeadlineMs:
                _stop = StopStage.Aborting;
                CancelTimer(WorkerTimer.Stop);
                AbortAll();
                AbortDatagrams();
                break;

            case StopStage.Closing:
                // A later call may have brought the deadline forward.
                ArmTimer(WorkerTimer.Stop, _server.StopDeadlineMs);
                break;
        }
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

    private void CloseAll()
    {
        for (int i = 0; i < _table.UsedSlots; i++)
        {
            // One that reading is paused for has bytes that were read and not delivered, or its handler is
            // busy with what was: it closes when it resumes.
            ref Slot slot = ref _table[i];
            if (slot.Fd >= 0 && (slot.Flags & (SlotFlags.Waiting | SlotFlags.Resumed)) == 0)
            {
                _table.Close(ref slot, CloseReason.ServerStopped);
            }
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
