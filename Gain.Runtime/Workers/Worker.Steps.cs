using Gain.CompilerServices;
using Gain.Slots;
using Gain.Uring;

namespace Gain.Workers;

/// <remarks>The loop's beginning, and the steps of a turn in which callbacks run.</remarks>
internal sealed unsafe partial class Worker<TProtocol, TRing>
{
    /// <summary>What comes before the first turn.</summary>
    /// <param name="prototypes">As for <see cref="Run"/>.</param>
    internal void Begin(TProtocol[] prototypes)
    {
        _prototypes = prototypes;
        for (int i = 0; i < Math.Min(prototypes.Length, _table.TimersOf.Length); i++)
        {
            _table.TimersOf[i] = (TProtocol.DeclaredBy(ref prototypes[i]) & Callbacks.Timer) != 0;
        }

        Datagrams.TakeHandlers();
        Observer.BeginTurn();
        for (int i = 0; i < _listeners.Count; i++)
        {
            Intake.ArmAccept(i);
        }
    }

    /// <summary>Settles what callbacks have changed.</summary>
    /// <param name="alone">Whether at most one has something to send.</param>
    private struct SettleStep(bool alone) : IGuardedStep<TProtocol, TRing>
    {
        private int _index = Slot.None;

        public void Run(Worker<TProtocol, TRing> worker)
        {
            worker.CheckFrameEnded();
            while (worker._settling != Slot.None)
            {
                _index = worker._settling;
                worker._settling = worker._table[_index].NextPending;
                worker.Sender.Settle(_index, alone);
                worker.CheckFrameEnded();
            }
        }

        public readonly int FindServed(Worker<TProtocol, TRing> worker) => _index;
    }

    /// <summary>Runs the timers that are due, and takes in those who wait for room.</summary>
    private struct DueStep() : IGuardedStep<TProtocol, TRing>
    {
        private int _timer = Served.NoTimer;

        public void Run(Worker<TProtocol, TRing> worker)
        {
            worker.Deadlines.RunTimers(ref _timer);
            _timer = Served.NoTimer;
            if (worker.Intake.WaitsForRoom)
            {
                worker.Intake.TakeInParked();
            }
        }

        public readonly int FindServed(Worker<TProtocol, TRing> worker) => worker.Faults.ServedBy(_timer);
    }

    /// <summary>Takes in who waits at listeners that end.</summary>
    private readonly struct EndingStep : IGuardedStep<TProtocol, TRing>
    {
        public void Run(Worker<TProtocol, TRing> worker)
        {
            while (worker.Changes.TryTakeWaiting(
                ref worker._ring, worker._table.NowMs, out int index, out int fd))
            {
                worker.Intake.TakeInAccepted(fd, index);
            }
        }

        public int FindServed(Worker<TProtocol, TRing> worker) => Slot.None;
    }

    /// <summary>Hands each completion of the batch to the protocol's switch.</summary>
    private struct DispatchStep : IGuardedStep<TProtocol, TRing>
    {
        private CompletionEntry _completion;

        public void Run(Worker<TProtocol, TRing> worker)
        {
            var reference = new WorkerReference<TProtocol, TRing>(worker);
            while (worker._ring.TryTake(out _completion))
            {
                TProtocol.Complete(reference, _completion);
                worker.CheckFrameEnded();
            }
        }

        public readonly int FindServed(Worker<TProtocol, TRing> worker) =>
            worker.Faults.ServedBy(_completion);
    }
}
