namespace Gain.Mail;

/// <summary>
/// By which other threads wake a loop only when it sleeps. The loop sets the latch, looks for work once more,
/// and only then waits; others make the change that it should see and then look at the latch. With a full
/// barrier on both sides, one of them sees the other.
/// </summary>
internal struct WakeLatch
{
    private Action? _wake;
    private int _sleeping;

    /// <summary>Says how to end the loop's wait; before anybody wakes it.</summary>
    public void Attach(Action wake) => Volatile.Write(ref _wake, wake);

    /// <summary>
    /// Ends the loop's wait if it is waiting. Any thread, after the change it should see.
    /// </summary>
    public void WakeIfSleeping()
    {
        if (TakeSleeper())
        {
            Wake();
        }
    }

    /// <summary>Ends the loop's wait, now or the next one. Any thread.</summary>
    [AllowAllocation("what is attached is the wake of a ring, which allocates nothing")]
    public void Wake() => Volatile.Read(ref _wake)?.Invoke();

    /// <summary>Whether the loop sleeps and the caller is the one to wake it. Any thread, as above.</summary>
    public bool TakeSleeper()
    {
        // Pairs with the fence in PrepareToSleep: either this sees the latch, or the loop sees the change.
        Interlocked.MemoryBarrier();
        return Volatile.Read(ref _sleeping) != 0 && Interlocked.Exchange(ref _sleeping, 0) != 0;
    }

    /// <summary>Sets the latch; the loop must look for work once more before it waits.</summary>
    public void PrepareToSleep() => Interlocked.Exchange(ref _sleeping, 1);

    /// <summary>Clears the latch after the wait.</summary>
    public void AfterSleep() => Volatile.Write(ref _sleeping, 0);
}
