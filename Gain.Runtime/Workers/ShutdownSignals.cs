using System.Runtime.InteropServices;
using Gain.Rings;

namespace Gain.Workers;

/// <summary>
/// SIGINT and SIGTERM of a server that <see cref="GainServer.WaitForShutdownAsync"/> is called of. They are
/// registered before the first accept: a signal that comes between a first answer and the call must not end
/// the process. One that comes then waits for the call; when that does not come in time, the program means to
/// do without, the signal takes its course, and nothing is registered anymore.
/// </summary>
internal sealed class ShutdownSignals : IDisposable
{
    /// <summary>How long after the start they are held for the call.</summary>
    internal const long HeldMs = 2_000;

    private readonly object _gate = new();
    private readonly ServerState _state;
    private readonly Action _stop;
    private readonly long _heldUntilMs = MonotonicClock.NowMs + HeldMs;
    private PosixSignalRegistration[] _registrations = [];
    private bool _isTaken;
    private bool _isReleased;
    private bool _isOver;
    private int _count;

    /// <param name="state">Whose log to use.</param>
    /// <param name="stop">What the first signal does.</param>
    public ShutdownSignals(ServerState state, Action stop)
    {
        _state = state;
        _stop = stop;
        Register();
    }

    /// <summary>When <see cref="ReleaseAt"/> has something to do; null for never.</summary>
    public long? ReleasesAtMs
    {
        get
        {
            lock (_gate)
            {
                return _isTaken || _isReleased ? null : _heldUntilMs;
            }
        }
    }

    /// <summary>Signals stop the server from now on: somebody waits for that.</summary>
    public void Take()
    {
        lock (_gate)
        {
            if (_isTaken || _isOver)
            {
                return;
            }

            _isTaken = true;
            if (_isReleased)
            {
                Register();
            }

            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Lets signals take their course, when nobody has asked for them until now.</summary>
    public void ReleaseAt(long nowMs)
    {
        if (ReleasesAtMs is { } release && nowMs >= release)
        {
            Release(unlessTaken: true);
        }
    }

    /// <summary>The server has stopped: signals take their course.</summary>
    public void Dispose() => Release(unlessTaken: false);

    private void Register() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
    ];

    private void Release(bool unlessTaken)
    {
        PosixSignalRegistration[] registrations;
        lock (_gate)
        {
            if (unlessTaken && _isTaken)
            {
                return;
            }

            _isReleased = true;
            _isOver |= !unlessTaken;
            registrations = _registrations;
            _registrations = [];
            Monitor.PulseAll(_gate);
        }

        Array.ForEach(registrations, registration => registration.Dispose());
    }

    /// <summary>What a signal does; the runtime calls it on a thread of its own for each.</summary>
    internal void Handle(PosixSignalContext context)
    {
        if (!AwaitTaken())
        {
            return;
        }

        if (Interlocked.Increment(ref _count) == 1)
        {
            context.Cancel = true;
            _stop();
            return;
        }

        // Not cancelled: the process ends as it would without a handler.
        Log.SecondSignal(_state.Logger, $"{context.Signal}");
        _state.FlushLog();
    }

    private bool AwaitTaken()
    {
        lock (_gate)
        {
            while (!_isTaken && !_isReleased)
            {
                Monitor.Wait(_gate);
            }

            return _isTaken;
        }
    }
}
