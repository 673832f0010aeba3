using System.Collections.Concurrent;

namespace Gain.Tests;

/// <summary>Looks for tests that run for longer than they may, on a thread of its own.</summary>
internal sealed class HangWatch
{
    private static readonly Lazy<HangWatch> s_instance = new(MakeRunning);

    private readonly ConcurrentDictionary<string, (string Name, long StartMs, TimeSpan Patience)>
        _running = [];
    private readonly Func<long> _clock;
    private readonly Action<string> _end;

    /// <param name="clock">Milliseconds.</param>
    /// <param name="end">Ends the run for a reason.</param>
    internal HangWatch(Func<long> clock, Action<string> end)
    {
        _clock = clock;
        _end = end;
    }

    public static HangWatch Instance => s_instance.Value;

    /// <summary>A test begins, or one that has begun gets another limit; null for none.</summary>
    public void Begin(string id, string name, TimeSpan? patience)
    {
        if (patience is { } limit)
        {
            _running[id] = (name, _clock(), limit);
        }
        else
        {
            End(id);
        }
    }

    public void End(string id) => _running.TryRemove(id, out _);

    /// <summary>Ends the run if a test hangs.</summary>
    internal void Look()
    {
        foreach ((string name, long startMs, TimeSpan patience) in _running.Values)
        {
            if (_clock() - startMs > patience.TotalMilliseconds)
            {
                _end($"{name} hangs: it has not ended in {patience.TotalSeconds:N0} s.");
            }
        }
    }

    // A thread cannot be ended from outside, nor what the test holds be taken back: the process goes with it,
    // and its last words are the runner's.
    private static HangWatch MakeRunning()
    {
        var watch = new HangWatch(static () => Environment.TickCount64, Environment.FailFast);
        var period = TimeSpan.FromSeconds(1);
        var thread = new Thread(() =>
        {
            using var never = new ManualResetEventSlim();
            while (!never.Wait(period))
            {
                watch.Look();
            }
        })
        {
            Name = "hang watch",
            IsBackground = true,
        };
        thread.UnsafeStart();
        return watch;
    }
}
