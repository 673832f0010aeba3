namespace Gain.Proxy.Pools;

/// <summary>
/// One address that connections are led to, and what has become of them. All workers count on it.
/// </summary>
internal sealed class Backend(string name, DialTarget target)
{
    private int _active;
    private long _total;
    private long _failed;

    // The checks' alone.
    private int _inARow;
    private volatile bool _isDown;

    /// <summary>What people and metrics know it by.</summary>
    public string Name { get; } = name;

    public DialTarget Target { get; } = target;

    /// <summary>Connections that are open, or being opened.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>All connections that were led here.</summary>
    public long Total => Volatile.Read(ref _total);

    /// <summary>Those of them that did not come up.</summary>
    public long Failed => Volatile.Read(ref _failed);

    public bool IsUp => !_isDown;

    /// <summary>A connection is about to be opened: it counts from now on.</summary>
    [AllocationFree]
    public void Take()
    {
        Interlocked.Increment(ref _active);
        Interlocked.Increment(ref _total);
    }

    [AllocationFree]
    public void Release() => Interlocked.Decrement(ref _active);

    [AllocationFree]
    public void ReleaseFailed()
    {
        Interlocked.Increment(ref _failed);
        Interlocked.Decrement(ref _active);
    }

    /// <summary>Notes what a check has found; one at a time.</summary>
    /// <returns>Whether the backend has gone up or down by it.</returns>
    public bool NoteCheck(bool works, int rise, int fall)
    {
        if (works != _isDown)
        {
            _inARow = 0;
            return false;
        }

        if (++_inARow < (works ? rise : fall))
        {
            return false;
        }

        _inARow = 0;
        _isDown = !works;
        return true;
    }

    /// <summary>Nobody checks it anymore.</summary>
    public void ForgetChecks()
    {
        _inARow = 0;
        _isDown = false;
    }
}
