using Gain.Rings;

namespace Gain.Workers;

/// <summary>
/// Looks after a server from outside its workers, on a thread of its own: warns of callbacks that do not
/// return while they run, and ends a stop, at its deadline whatever a callback does. Neither needs a thread
/// of the pool, which may be hard to get when a server is in trouble.
/// </summary>
internal sealed class ServerWatch
{
    /// <summary>How long after a stop's deadline a worker may be in the same turn.</summary>
    private const long GraceMs = 1_000;

    private const long LongestTickMs = 1_000;
    private const long LongestSilenceMs = 60_000;

    private readonly object _gate = new();
    private readonly ServerState _state;
    private readonly WorkerGroup _workers;
    private readonly ShutdownSignals _signals;
    private readonly long _slowTurnMs;
    private readonly Action _release;
    private readonly long[] _busySinceMs;
    private readonly long[] _nextWarningMs;

    // Code that awaits the end goes on elsewhere; a thread that waits for it is woken without anybody else's
    // help.
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // When the stop's deadline was first seen to have passed, and the turns at that time.
    private long _graceSinceMs = -1;
    private readonly long[] _graceTurns;
    private bool _isNotified;

    /// <param name="state">What the server's threads share.</param>
    /// <param name="workers">Whom to watch.</param>
    /// <param name="signals">The signals, released when their time has passed.</param>
    /// <param name="slowTurn">How long a turn may last without a warning; 0 for any time.</param>
    /// <param name="release">Frees what the server has beside its workers, once they have ended.</param>
    public ServerWatch(
        ServerState state, WorkerGroup workers, ShutdownSignals signals, TimeSpan slowTurn, Action release)
    {
        _state = state;
        _workers = workers;
        _signals = signals;
        _slowTurnMs = (long)Math.Ceiling(slowTurn.TotalMilliseconds);
        _release = release;
        _busySinceMs = new long[workers.Threads];
        _nextWarningMs = new long[workers.Threads];
        _graceTurns = new long[workers.Threads];
    }

    /// <summary>
    /// Ends when the server has stopped and everything is free, or at a stop's deadline, if that cannot be.
    /// </summary>
    public Task Stopped => _stopped.Task;

    /// <summary>Begins to watch.</summary>
    public void Start()
    {
        var thread = new Thread(Run) { Name = "gain-watch", IsBackground = true };
        try
        {
            thread.UnsafeStart();
        }
        catch (Exception failure) when (failure is OutOfMemoryException or ThreadStartException)
        {
            throw new GainException(
                GainError.LimitReached,
                "Cannot start the thread that watches the workers: raise `ulimit -u` or the cgroup's "
                + "pids.max, or lower GainOptions.WorkerCount.",
                innerException: failure);
        }

        _ = _workers.Completion.ContinueWith(
            static (_, watch) => ((ServerWatch)watch!).Notify(),
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>Has it look again, as something has changed. Any thread.</summary>
    public void Notify()
    {
        lock (_gate)
        {
            _isNotified = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Run()
    {
        while (!_workers.Completion.IsCompleted)
        {
            long now = MonotonicClock.NowMs;
            Look(now);
            if (_state.StopRequested && !_stopped.Task.IsCompleted)
            {
                LookAtStop(now);
            }

            _signals.ReleaseAt(now);
            Sleep(NextTickMs(now));
        }

        End();
    }

    private void Sleep(long milliseconds)
    {
        lock (_gate)
        {
            if (!_isNotified)
            {
                Monitor.Wait(_gate, (int)milliseconds);
            }

            _isNotified = false;
        }
    }

    // A turn counts as slow when a second look finds it: one look alone may come after the whole process has
    // been stopped, and then the worker is no slower than the watch.
    private void Look(long now)
    {
        for (int i = 0; i < _busySinceMs.Length; i++)
        {
            long since = _workers.BusySinceMs(i);
            if (since == 0 || since != _busySinceMs[i])
            {
                _busySinceMs[i] = since;
                _nextWarningMs[i] = _slowTurnMs;
            }
            else if (_slowTurnMs != 0 && now - since >= _nextWarningMs[i])
            {
                Warn(i, since, now - since);
            }
        }
    }

    private void Warn(int thread, long since, long lasted)
    {
        // At half a second, one, two, four, and then every minute.
        _nextWarningMs[thread] = lasted + Math.Min(lasted, LongestSilenceMs);
        Occupation busy = _workers.Occupation(thread);
        if (_workers.BusySinceMs(thread) == since)
        {
            string name = char.ToUpperInvariant(busy.Thread[0]) + busy.Thread[1..];
            Log.StillBusy(_state.Logger, name, busy.Code, lasted, busy.Peer);
        }
    }

    private void LookAtStop(long now)
    {
        if (now < _state.StopDeadlineMs)
        {
            _graceSinceMs = -1;
            return;
        }

        if (_graceSinceMs >= 0 && now - _graceSinceMs < GraceMs)
        {
            return;
        }

        for (int i = 0; i < _graceTurns.Length; i++)
        {
            long since = _workers.BusySinceMs(i);
            if (_graceSinceMs >= 0 && since != 0 && since == _graceTurns[i])
            {
                GiveUp(i, now - since);
                return;
            }

            // Who gets on with aborting what is left may take its time.
            _graceTurns[i] = since;
        }

        _graceSinceMs = now;
    }

    // The worker's connections, sockets and memory are in use: they stay, until the callback returns.
    private void GiveUp(int thread, long lasted)
    {
        Occupation busy = _workers.Occupation(thread);
        string reason = $"The stop did not end at its deadline: {busy.Thread} has been in a callback of "
            + $"{busy.Code} for {lasted:N0} ms, for {busy.Peer}. Its connections stay open until the "
            + "callback returns, or the process ends.";
        Log.Stuck(_state.Logger, reason);
        _state.FlushLog();
        _stopped.TrySetException(new GainException(GainError.WorkerStuck, reason));
    }

    private long NextTickMs(long now)
    {
        long tick = _slowTurnMs == 0 ? Timeout.Infinite : Math.Clamp(_slowTurnMs, 10, LongestTickMs);
        if (_state.StopRequested && !_stopped.Task.IsCompleted)
        {
            long until = _graceSinceMs >= 0 ? _graceSinceMs + GraceMs : _state.StopDeadlineMs;
            tick = Earlier(tick, until - now);
        }

        return _signals.ReleasesAtMs is { } release ? Earlier(tick, release - now) : tick;
    }

    private static long Earlier(long tick, long ahead)
    {
        long bounded = Math.Clamp(ahead, 1, int.MaxValue);
        return tick == Timeout.Infinite ? bounded : Math.Min(tick, bounded);
    }

    private void End()
    {
        Exception? failure = _workers.Completion.Exception?.InnerException;
        try
        {
            _release();
            _signals.Dispose();
            Log.Stopped(_state.Logger);
            _state.FlushLog();
        }
        catch (Exception fault)
        {
            failure ??= fault;
        }

        if (failure is null)
        {
            _stopped.TrySetResult();
        }
        else
        {
            _stopped.TrySetException(failure);
        }
    }
}
