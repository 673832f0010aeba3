using System.Runtime.CompilerServices;
using Gain.CompilerServices;
using Gain.Kernel;
using Gain.Mail;
using Gain.Rings;
using Gain.Sockets;
using Gain.Uring;

namespace Gain.Workers;

/// <summary>
/// The thread of <see cref="GainArchitecture.Reactor"/> that accepts for all workers: its loop turns
/// completed accepts into commands to the workers that the balancer picks. The other parts of this class hold
/// the accepts and what waits for a hand-over.
/// </summary>
/// <remarks>
/// What concerns a connection that a worker has, such as the limits on connections and the networks allowed,
/// is looked after by that worker, as if it had accepted the socket itself. The acceptor looks after when to
/// accept: it keeps to the rate, backs off when descriptors run out, and stops when sockets have to wait.
/// </remarks>
/// <typeparam name="TBalancer">Picks the workers.</typeparam>
/// <typeparam name="TRing">The ring it runs on.</typeparam>
internal sealed partial class Acceptor<TBalancer, TRing> : AcceptorLoop<TRing>
    where TBalancer : struct, IBalancer
    where TRing : struct, IRing
{
    private readonly AcceptorSettings _settings;
    private readonly ServerState _server;
    private readonly HandOvers _handOvers;
    private readonly Listeners _listeners;
    private readonly ListenerChanges _changes;

    private HandOverRoutes _routes = new([], new RingTargets(0));
#pragma warning disable IDE0044 // What it changes in itself would be lost: readonly makes every call copy it.
    private TBalancer _balancer;
#pragma warning restore IDE0044
    private TRing _ring;
    private WakeLatch _latch;
    private WorkerCounters _counters;
    private LogLimiter _acceptLog;
    private LogLimiter _balancerLog;
    private long _nowMs;
    private long _busySinceMs;
    private bool _isStopping;

    public Acceptor(AcceptorSettings settings, ServerState server, int listeners, TBalancer balancer)
    {
        _settings = settings;
        _server = server;
        _handOvers = server.HandOvers;
        _balancer = balancer;
        _listeners = new Listeners(listeners, server.Admission);
        _changes = new ListenerChanges(_listeners);
        _pending = new Queue<PendingSocket>(settings.MaxPending);
        _pendingOf = new int[server.HandOvers.Workers];
    }

    public override void TakeListeners(ListenerSet listeners)
    {
        _listeners.Take(listeners, thread: 0, _settings.Sockets, accepts: true, takesDatagrams: false);
        _changes.Follow(_server.LastListenerChange, thread: 0);
    }

    /// <summary>Takes listening sockets of the ring's own kind; the acceptor closes them.</summary>
    internal void TakeListeners(ReadOnlySpan<int> descriptors) => _listeners.Take(descriptors);

    public override void Connect(Mailbox[] workers, RingTargets targets) =>
        _routes = new HandOverRoutes(workers, targets);

    public override void Open(IRingFactory<TRing> factory)
    {
        _ring = factory.Create(_settings.Ring);
        _latch.Attach(WakeRing);
    }

    public override void Run()
    {
        _nowMs = _ring.NowMs;
        _listeners.ArmAll(ref _ring);

        while (true)
        {
            if (_server.StopRequested && !_isStopping)
            {
                BeginStop();
            }

            RunDue();
            if (_changes.IsDue)
            {
                ChangeListeners();
            }

            if (_isStopping)
            {
                ContinueStop();
            }

            _routes.WakeAll(ref _ring);
            if (_isStopping && _pending.Count == 0 && !_listeners.AnyListens)
            {
                return;
            }

            Volatile.Write(ref _busySinceMs, 0);
            Wait();
            _nowMs = _ring.NowMs;
            Volatile.Write(ref _busySinceMs, _nowMs);
            Dispatch();
        }
    }

    public override void Close()
    {
        _listeners.Close(ref _ring);
        _ring.Dispose();
    }

    public override void Abandon()
    {
        _listeners.Close(ref _ring);
        _isStopping = true;
        RefusePending();
        _routes.WakeByEvents();
        _ring.Abandon();
    }

    public override void Notify() => _latch.WakeIfSleeping();

    public override WorkerCounters ReadCounters()
    {
        WorkerCounters counters = WorkerCounters.Read(ref _counters);
        counters.RingOverflows = _ring.Overflows;
        return counters;
    }

    public override long BusySinceMs => Volatile.Read(ref _busySinceMs);

    public override string BalancerName => typeof(TBalancer).Name;

    public override void CountAllocations(long sinceBytes) =>
        Volatile.Write(ref _counters.AllocatedBytes, GC.GetAllocatedBytesForCurrentThread() - sinceBytes);

    /// <summary>Does what the time, or room at a worker, has come for.</summary>
    private void RunDue()
    {
        if (_nowMs >= _listeners.RetryAtMs)
        {
            _listeners.Release(ref _ring, AcceptHold.Error);
        }

        if (_nowMs >= _listeners.EarlyAtMs)
        {
            TakeInEarly();
        }

        if (_pending.Count != 0)
        {
            HandOverPending();
        }
    }

    private void Wait()
    {
        // The latch goes up before the last look, so that a thread's change is seen, or the thread wakes the
        // ring.
        _latch.PrepareToSleep();
        bool isAwake = (_server.StopRequested && !_isStopping)
            || _changes.HasNews
            || (_pending.Count != 0 && HandOverPending());
        _ring.Enter(isAwake ? 0 : NextTimeoutNs());
        _latch.AfterSleep();
    }

    private void Dispatch()
    {
        _ring.BeginBatch();
        while (_ring.TryTake(out CompletionEntry completion))
        {
            Complete(completion);
        }

        _ring.EndBatch();
    }

    private void Complete(CompletionEntry completion)
    {
        switch (Token.OperationOf(completion))
        {
            case Operation.Accept:
                HandleAccept(completion);
                break;
            case Operation.CancelIgnored:
                // The accept's own completion says how it ended.
                break;
            case Operation.Wake:
                _ring.HandleWake(completion);
                break;
            case Operation.SendMail:
                _routes.HandleUnsent(Token.SlotOf(completion.UserData));
                break;
            default:
                throw new InvalidOperationException(
                    $"A completion for no known operation: user_data 0x{completion.UserData:x16}, "
                    + $"result {completion.Result}.");
        }
    }

    /// <summary>The time to the next deadline in nanoseconds; -1 when there is none.</summary>
    private long NextTimeoutNs()
    {
        long due = Math.Min(_listeners.RetryAtMs, _listeners.EarlyAtMs);
        if (_isStopping && !IsPastStopDeadline)
        {
            due = Math.Min(due, _server.StopDeadlineMs);
        }

        return due == Listeners.Never ? -1 : Math.Max(0, due - _ring.NowMs) * 1_000_000;
    }

    private void WakeRing() => _ring.Wake();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool MayLog(ref LogLimiter limiter)
    {
        if (!limiter.TryTake(_nowMs, out long suppressed))
        {
            return false;
        }

        if (suppressed != 0)
        {
            Log.AcceptorSuppressed(_server.Logger, suppressed);
        }

        return true;
    }
}
