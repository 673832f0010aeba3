using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Gain.Testing;

/// <summary>Asserts that code allocates nothing, in a test of any framework.</summary>
public static class AllocationAssert
{
    private const int WarmUpCalls = 64;
    private const int MeasuredCalls = 192;

    // Each round is longer than all calls before it, so that what grows by doubling grows in each.
    private const int Rounds = 3;
    private const int Growth = 4;

    // Of the rounds after the first, and of the calls that find out what was allocated.
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Calls an action a few times, and then counts the bytes that further calls allocate on the managed
    /// heap.
    /// </summary>
    /// <param name="action">
    /// The code that must not allocate. It runs on the calling thread 256 times, and more often when it
    /// fails, for a few seconds at most. One-time allocations, such as a cache, do not count, and neither do
    /// those of other threads. A collection that grows counts only when it grows within these calls: a list
    /// that starts with room for thousands does not.
    /// </param>
    /// <exception cref="AllocationException">
    /// The action allocates. The message has the bytes of each call, the types that were allocated, and the
    /// rule that is likely to find it.
    /// </exception>
    public static void Zero(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        for (int i = 0; i < WarmUpCalls; i++)
        {
            action();
        }

        int calls = MeasuredCalls;
        long bytes = Measure(action, ref calls, TimeSpan.MaxValue);
        for (int round = 1, done = WarmUpCalls; round < Rounds && bytes > 0; round++)
        {
            // The runtime replaces code while it runs, and may allocate for it: what remains does so again.
            done += calls;
            calls = done * Growth;
            bytes = Measure(action, ref calls, Patience);
        }

        if (bytes == 0)
        {
            return;
        }

        string each = (bytes / (double)calls).ToString("0.#", CultureInfo.InvariantCulture);
        throw new AllocationException(
            $"{each} bytes are allocated a call{AllocatedTypes.Describe(action, bytes, calls)}.");
    }

    /// <summary>Like <see cref="Zero(Action)"/>, for an asynchronous action: each call is waited
    /// for.</summary>
    /// <param name="action">
    /// The code that must not allocate. Allocations on other threads, where it goes on after a wait, do not
    /// count. A cached task, of an action that completes at once, does not count either.
    /// </param>
    /// <exception cref="AllocationException">The action allocates.</exception>
    [OverloadResolutionPriority(1)]
    public static void Zero(Func<ValueTask> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Zero(() =>
        {
            ValueTask task = action();
            if (task.IsCompleted)
            {
                task.GetAwaiter().GetResult();
            }
            else
            {
                task.AsTask().GetAwaiter().GetResult();
            }
        });
    }

    /// <summary>Like <see cref="Zero(Func{ValueTask})"/>.</summary>
    /// <param name="action">The code that must not allocate.</param>
    /// <exception cref="AllocationException">The action allocates.</exception>
    public static void Zero(Func<Task> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Zero(() => action().GetAwaiter().GetResult());
    }

    // Makes at most this many calls, and returns how many it made.
    private static long Measure(Action action, ref int calls, TimeSpan patience)
    {
        long start = Stopwatch.GetTimestamp();
        long before = GC.GetAllocatedBytesForCurrentThread();
        int done = 0;
        while (done < calls && Stopwatch.GetElapsedTime(start) < patience)
        {
            action();
            done++;
        }

        calls = done;
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
