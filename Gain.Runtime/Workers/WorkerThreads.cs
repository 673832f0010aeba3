using System.Runtime.ExceptionServices;
using Gain.Net;
using Gain.Rings;

namespace Gain.Workers;

/// <summary>The workers of a server on one kind of ring, each on its own thread.</summary>
/// <typeparam name="TProtocol">The protocol.</typeparam>
/// <typeparam name="TRing">The ring.</typeparam>
internal sealed class WorkerThreads<TProtocol, TRing> : WorkerGroup
    where TProtocol : struct, IProtocol<TProtocol>
    where TRing : struct, IRing
{
    private readonly ServerState _server;
    private readonly IRingFactory<TRing> _factory;
    private readonly Worker<TProtocol, TRing>[] _workers;
    private readonly Thread?[] _threads;
    private readonly CountdownEvent _opened;
    private readonly ManualResetEventSlim _decided = new();

    // Continuations of whoever waits for the end do not run on a worker's thread.
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly ListenPlan<TProtocol> _plan;

    // By address, from the decision on: OnStart may change them before.
    private TProtocol[] _prototypes = [];
    private bool _abandoned;
    private int _running;
    private Exception? _failure;

    public WorkerThreads(
        ListenPlan<TProtocol> plan,
        GainOptions options,
        ServerState server,
        IRingFactory<TRing> factory,
        ListenerSet listeners)
    {
        _plan = plan;
        _server = server;
        _factory = factory;
        _opened = new CountdownEvent(options.Workers);
        _running = options.Workers;
        _workers = new Worker<TProtocol, TRing>[options.Workers];
        _threads = new Thread?[options.Workers];
        int[]? cpus = options.CpuAffinity ? CpuAffinity.GetProcessCpus() : null;
        for (int i = 0; i < _workers.Length; i++)
        {
            int? cpu = cpus is null ? null : cpus[i % cpus.Length];
            _workers[i] = new Worker<TProtocol, TRing>(
                options.ForWorker(i, cpu), server, listeners.ListenersPerWorker, plan.PartOf());
        }

        // Only now, as nothing can fail anymore: whoever takes a descriptor closes it.
        for (int i = 0; i < _workers.Length; i++)
        {
            _workers[i].TakeListeners(listeners);
        }
    }

    public override string RingDescription => _workers[0].RingDescription;

    public override Task Completion => _ended.Task;

    public override void Open()
    {
        for (int i = 0; i < _threads.Length; i++)
        {
            Worker<TProtocol, TRing> worker = _workers[i];
            var thread = new Thread(() => RunThread(worker))
            {
                Name = $"gain-worker-{i}",
                IsBackground = true,
            };
            try
            {
                thread.Start();
            }
            catch (Exception failure) when (failure is OutOfMemoryException or ThreadStartException)
            {
                _failure = new GainException(
                    GainError.LimitReached,
                    $"Cannot start the thread of worker {i}: raise `ulimit -u` or the cgroup's pids.max, or "
                    + "lower GainOptions.Workers.",
                    innerException: failure);
                _opened.Signal(_threads.Length - i);
                break;
            }

            _threads[i] = thread;
        }

        _opened.Wait();
        if (_failure is not null)
        {
            Abandon();
            ExceptionDispatchInfo.Throw(_failure);
        }
    }

    public override void Start(GainServer server)
    {
        SetCurrent(true);
        try
        {
            _prototypes = _plan.Start(server);
        }
        catch
        {
            Abandon();
            throw;
        }
        finally
        {
            SetCurrent(false);
        }

        _decided.Set();
    }

    public override void NotifyAll()
    {
        foreach (Worker<TProtocol, TRing> worker in _workers)
        {
            worker.Notify();
        }
    }

    public override GainStatistics ReadStatistics()
    {
        GainStatistics sum = default;
        foreach (Worker<TProtocol, TRing> worker in _workers)
        {
            WorkerCounters counters = worker.ReadCounters();
            sum = new GainStatistics
            {
                Accepted = sum.Accepted + counters.Accepted,
                RefusedByLimit = sum.RefusedByLimit + counters.RefusedByLimit,
                RefusedByAddressLimit = sum.RefusedByAddressLimit + counters.RefusedByAddressLimit,
                RefusedByFilter = sum.RefusedByFilter + counters.RefusedByFilter,
                RefusedStopping = sum.RefusedStopping + counters.RefusedStopping,
                Closed = sum.Closed + counters.Closed,
                BytesIn = sum.BytesIn + counters.BytesIn,
                BytesOut = sum.BytesOut + counters.BytesOut,
                Callbacks = sum.Callbacks + counters.Callbacks,
                HandlerFaults = sum.HandlerFaults + counters.HandlerFaults,
                ProtocolErrors = sum.ProtocolErrors + counters.ProtocolErrors,
                SocketErrors = sum.SocketErrors + counters.SocketErrors,
                AcceptErrors = sum.AcceptErrors + counters.AcceptErrors,
                DroppedWrites = sum.DroppedWrites + counters.DroppedWrites,
                BudgetRefusals = sum.BudgetRefusals + counters.BudgetRefusals,
                RingOverflows = sum.RingOverflows + counters.RingOverflows,
                SlowTurns = sum.SlowTurns + counters.SlowTurns,
                PausedTime = sum.PausedTime + TimeSpan.FromMilliseconds(counters.PausedMs),
                HeldOutboundBytes = sum.HeldOutboundBytes + counters.HeldBytes,
                Starvations = sum.Starvations + counters.Starvations,
                AllocatedBytes = sum.AllocatedBytes + counters.AllocatedBytes,
                DatagramsIn = sum.DatagramsIn + counters.DatagramsIn,
                DatagramsOut = sum.DatagramsOut + counters.DatagramsOut,
                TruncatedDatagrams = sum.TruncatedDatagrams + counters.TruncatedDatagrams,
                DroppedDatagrams = sum.DroppedDatagrams + counters.DroppedDatagrams,
                DatagramErrors = sum.DatagramErrors + counters.DatagramErrors,
            };
        }

        return sum;
    }

    public override long TakeLongestTurnMs()
    {
        long longest = 0;
        foreach (Worker<TProtocol, TRing> worker in _workers)
        {
            longest = Math.Max(longest, worker.TakeLongestTurnMs());
        }

        return longest;
    }

    // The start has failed: the threads end without having accepted anything.
    private void Abandon()
    {
        _abandoned = true;
        _decided.Set();
        for (int i = 0; i < _threads.Length; i++)
        {
            if (_threads[i] is null)
            {
                _workers[i].Close();
            }
            else
            {
                _threads[i]!.Join();
            }
        }
    }

    private void RunThread(Worker<TProtocol, TRing> worker)
    {
        if (TryOpen(worker))
        {
            _decided.Wait();
            if (_abandoned)
            {
                worker.Close();
            }
            else
            {
                Run(worker);
            }
        }

        if (Interlocked.Decrement(ref _running) == 0)
        {
            End();
        }
    }

    private bool TryOpen(Worker<TProtocol, TRing> worker)
    {
        try
        {
            worker.Open(_factory);
            return true;
        }
        catch (Exception failure)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
            worker.Close();
            return false;
        }
        finally
        {
            _opened.Signal();
        }
    }

    private void Run(Worker<TProtocol, TRing> worker)
    {
        SetCurrent(true);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            worker.Run(_prototypes);
            worker.CountAllocations(allocated);
            worker.Close();
        }
        catch (Exception failure)
        {
            // Not a handler's fault but Gain's own, or the kernel's: without this worker the server would
            // lose its share of the connections silently, so all of it stops.
            int index = Array.IndexOf(_workers, worker);
            var fatal = new GainException(
                GainError.WorkerFailed,
                $"Worker {index} failed, and the server stopped: {failure.Message}",
                innerException: failure);
            Interlocked.CompareExchange(ref _failure, fatal, null);
            Log.WorkerFailed(_server.Logger, failure, index);
            worker.Abandon(failure);
            _server.RequestStop(MonotonicClock.NowMs);
            NotifyAll();
        }
    }

    private void End()
    {
        if (_failure is null)
        {
            _ended.SetResult();
        }
        else
        {
            _ended.SetException(_failure);
        }
    }
}
