using Gain.CompilerServices;
using Gain.Rings;
using Gain.Sessions;
using Gain.Slots;
using Gain.Uring;

namespace Gain.Workers;

/// <remarks>Sessions that were away, or are to end: they go on here, and not where a callback would be
/// called.</remarks>
internal sealed class Sessions<TProtocol, TRing> : SessionHost
    where TProtocol : struct, IProtocol<TProtocol>
    where TRing : struct, IRing
{
    private readonly Worker<TProtocol, TRing> _worker;

    internal Sessions(Worker<TProtocol, TRing> worker)
        : base(worker.Writer, worker.Server.Offloads, worker.Server.MaxMessagesWaiting)
    {
        _worker = worker;
    }

    /// <summary>Runs what has come back.</summary>
    internal void RunWork()
    {
        CollectWork();
        var step = new WorkStep();
        _worker.Faults.RunGuarded(ref step);
    }

    protected override ref byte Locate(int index, Type type) =>
        ref TProtocol.Locate(ref _worker.Handlers[index], type);

    private void RunNext(SessionNode node)
    {
        int owner = OwnerOf(node);
        if (owner == Slot.None)
        {
            RunDetached(node);
            return;
        }

        _worker.Counters.Callbacks++;
        _worker.Calling = owner;
        Run(node);
        _worker.Calling = Slot.None;
    }

    // Its connection is over: what it throws ends nothing but itself.
    private void RunDetached(SessionNode node)
    {
        try
        {
            Run(node);
        }
        catch (Exception fault) when (fault is not RingException)
        {
            _ = _worker.Faults.CountFault(fault, Slot.None);
        }
    }

    /// <summary>Runs one after the other; a fault in one does not lose the others.</summary>
    private readonly struct WorkStep : IGuardedStep<TProtocol, TRing>
    {
        public void Run(Worker<TProtocol, TRing> worker)
        {
            worker.CheckFrameEnded();
            while (worker.Sessions!.TryTakeWork(out SessionNode node))
            {
                worker.Sessions.RunNext(node);
                worker.CheckFrameEnded();
            }
        }

        public int FindServed(Worker<TProtocol, TRing> worker) => Slot.None;
    }
}
