using System.Runtime.ExceptionServices;
using Gain.CompilerServices;
using Gain.Mail;
using Gain.Rings;
using Gain.Sockets;

namespace Gain.Workers;

/// <summary>
/// The workers of a server on one kind of ring, and the acceptor if they have one, each on its own thread.
/// </summary>
/// <typeparam name="TProtocol">The protocol.</typeparam>
/// <typeparam name="TRing">The ring.</typeparam>
internal sealed class WorkerThreads<TProtocol, TRing> : WorkerGroup
    where TProtocol : struct, IProtocol<TProtocol>
    where TRing : struct, IRing
{
    private readonly ServerState _server;
    private readonly IRingFactory<TRing> _factory;
    private readonly Worker<TProtocol, TRing>[] _workers;

    // Its thread comes behind those of the workers.
    private readonly AcceptorLoop<TRing>? _acceptor;
    private readonly RingTargets _targets;
    private readonly Thread?[] _threads;
    private readonly CountdownEvent _opened;
    private readonly ManualResetEventSlim _decided = new();

    // The server's watch alone waits for it, and is woken where the last thread ends: a thread of the pool
    // may be hard to get.
    private readonly TaskCompletionSource _ended = new();

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
        ListenerSet listeners,
        AcceptorMaker? acceptor = null)
    {
        _plan = plan;
        _server = server;
        _factory = factory;
        int threads = options.WorkerCount + (acceptor is null ? 0 : 1);
        _opened = new CountdownEvent(threads);
        _running = threads;
        _workers = new Worker<TProtocol, TRing>[options.WorkerCount];
        _threads = new Thread?[threads];
        int[]? cpus = options.CpuAffinity ? CpuAffinity.GetProcessCpus() : null;
        for (int i = 0; i < _workers.Length; i++)
        {
            int? cpu = cpus is null ? null : cpus[i % cpus.Length];
            WorkerSettings settings = options.ForWorker(i, cpu) with
            {
                Layers = plan.AllLayers(),
                Proxies = plan.Proxies,
                Dials = plan.Dials(options),
            };
            _workers[i] = new Worker<TProtocol, TRing>(
                settings, server, listeners.ListenersPerWorker, plan.PartOf());
        }

        _acceptor = acceptor?.Make<TRing>(options, server, listeners.ListenersPerWorker);
        _targets = new RingTargets(options.WorkerCount);
        ConnectAll();
        server.HandOvers.Attach(NotifyAll, _acceptor is null ? null : _acceptor.Notify);

        // Only now, as nothing can fail anymore: the worker that takes a descriptor closes it.
        for (int i = 0; i < _workers.Length; i++)
        {
            _workers[i].TakeListeners(listeners, accepts: acceptor is null);
        }

        _acceptor?.TakeListeners(listeners);
    }

    // A worker that hands connections over needs to know of all workers.
    private void ConnectAll()
    {
        Mailbox[] mailboxes = Array.ConvertAll(_workers, worker => worker.Mailbox);
        if (_acceptor is not null)
        {
            _acceptor.Connect(mailboxes, _targets);
        }
        else if (_server.HandOvers.HasProducers)
        {
            Array.ForEach(_workers, worker => worker.Intake.Connect(mailboxes, _targets));
        }
    }

    /// <summary>Starts a thread; a test's may refuse, as a system at its limit of threads does.</summary>
    /// <remarks>
    /// Without the execution context of the starting code, which has nothing to do with callbacks.
    /// </remarks>
    internal Action<Thread> StartThread { private get; init; } = static thread => thread.UnsafeStart();

    public override string RingDescription => _workers[0].RingDescription;

    public override Task Completion => _ended.Task;

    public override void Open()
    {
        for (int i = 0; i < _threads.Length; i++)
        {
            int index = i;
            var thread = new Thread(() => RunThread(index))
            {
                Name = i < _workers.Length ? $"gain-worker-{i}" : "gain-acceptor-0",
                IsBackground = true,
            };
            try
            {
                StartThread(thread);
            }
            catch (Exception failure) when (failure is OutOfMemoryException or ThreadStartException)
            {
                _failure = new GainException(
                    GainError.LimitReached,
                    $"Cannot start the thread of {NameOf(i)}: raise `ulimit -u` or the cgroup's pids.max, or "
                    + "lower GainOptions.WorkerCount.",
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

    public override void Start(object server)
    {
        WorkerGroup? before = Enter();
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
            Leave(before);
        }

        for (int i = 0; i < _workers.Length && _server.HandOvers.HasProducers; i++)
        {
            _targets[i] = _workers[i].Intake.OpenMessageWay();
        }

        _decided.Set();
    }

    public override void NotifyAll()
    {
        foreach (Worker<TProtocol, TRing> worker in _workers)
        {
            worker.Notify();
        }

        _acceptor?.Notify();
    }

    public override GainStatistics ReadStatistics()
    {
        GainStatistics sum = default;
        foreach (Worker<TProtocol, TRing> worker in _workers)
        {
            sum = StatisticsSum.Add(sum, worker.ReadCounters());
        }

        return _acceptor is null
            ? sum
            : StatisticsSum.Add(sum, _acceptor.ReadCounters()) with { PendingHandOvers = _acceptor.Pending };
    }

    public override long TakeLongestTurnMs()
    {
        long longest = 0;
        foreach (Worker<TProtocol, TRing> worker in _workers)
        {
            longest = Math.Max(longest, worker.Observer.TakeLongestTurnMs());
        }

        return longest;
    }

    public override int Threads => _threads.Length;

    public override long BusySinceMs(int thread) =>
        thread < _workers.Length ? _workers[thread].Observer.BusySinceMs : _acceptor!.BusySinceMs;

    public override Occupation Occupation(int thread) => thread < _workers.Length
        ? new Occupation(NameOf(thread), TProtocol.DisplayName, _workers[thread].Observer.DescribeCaller())
        : new Occupation(NameOf(thread), _acceptor!.BalancerName, "an unknown peer");

    public override bool TryGetDatagrams(int worker, int listener, out DatagramHandle handle) =>
        _workers[worker].Datagrams.TryGetDatagrams(listener, out handle);

    public override void Dial(int worker, PostedDial request) => _workers[worker].Dialer.Post(request);

    // The start has failed: the threads end without having accepted anything.
    public override void Abandon()
    {
        _abandoned = true;
        _decided.Set();
        for (int i = 0; i < _threads.Length; i++)
        {
            if (_threads[i] is null)
            {
                CloseLoop(i);
            }
            else
            {
                _threads[i]!.Join();
            }
        }
    }

    private void RunThread(int index)
    {
        if (TryOpen(index))
        {
            _decided.Wait();
            if (_abandoned)
            {
                CloseLoop(index);
            }
            else
            {
                Run(index);
            }
        }

        if (Interlocked.Decrement(ref _running) == 0)
        {
            End();
        }
    }

    private bool TryOpen(int index)
    {
        try
        {
            if (index < _workers.Length)
            {
                _workers[index].Open(_factory);
            }
            else
            {
                _acceptor!.Open(_factory);
            }

            return true;
        }
        catch (Exception failure)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
            CloseLoop(index);
            return false;
        }
        finally
        {
            _opened.Signal();
        }
    }

    private void CloseLoop(int index)
    {
        if (index < _workers.Length)
        {
            _workers[index].Close();
        }
        else
        {
            _acceptor!.Close();
        }
    }

    private void Run(int index)
    {
        Enter();
        if (index < _workers.Length)
        {
            Run(_workers[index], index);
        }
        else
        {
            Run(_acceptor!, index);
        }
    }

    private void Run(Worker<TProtocol, TRing> worker, int index)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            worker.EnterThread();
            worker.Run(_prototypes);
            worker.CountAllocations(allocated);
            worker.Close();
        }
        catch (Exception failure)
        {
            // Not a handler's fault but Gain's own, or the kernel's: without this worker the server would
            // lose its share of the connections silently, so all of it stops.
            KeepFailure(failure, index);
            Log.WorkerFailed(_server.Logger, failure, index, TProtocol.DisplayName);
            worker.Abandon(failure);
            StopAll();
        }

        worker.Observer.EndWork();
    }

    private void Run(AcceptorLoop<TRing> acceptor, int index)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            acceptor.Run();
            acceptor.CountAllocations(allocated);
            acceptor.Close();
        }
        catch (Exception failure)
        {
            // Nobody would be accepted anymore.
            KeepFailure(failure, index);
            Log.AcceptorDied(_server.Logger, failure);
            acceptor.Abandon();
            StopAll();
        }

        // The workers wait for this: what they were handed they take in, or refuse, before they end.
        _server.HandOvers.EndProducer();
    }

    private void KeepFailure(Exception failure, int index)
    {
        string name = NameOf(index);
        var fatal = new GainException(
            GainError.WorkerFailed,
            $"{char.ToUpperInvariant(name[0])}{name[1..]} failed, and the server stopped: {failure.Message}",
            innerException: failure);
        Interlocked.CompareExchange(ref _failure, fatal, null);
    }

    private void StopAll()
    {
        _server.RequestStop(MonotonicClock.NowMs);
        NotifyAll();
    }

    private string NameOf(int index) => index < _workers.Length ? $"worker {index}" : "the acceptor";

    private void End()
    {
        _targets.Dispose();
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
