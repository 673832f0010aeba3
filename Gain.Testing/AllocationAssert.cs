using System.Globalization;

namespace Gain.Testing;

/// <summary>Asserts of a test, whatever its framework, that code allocates nothing.</summary>
public static class AllocationAssert
{
    private const int WarmUpCalls = 64;
    private const int MeasuredCalls = 64;

    /// <summary>
    /// Calls an action a few times, and then counts what further calls allocate on the managed heap.
    /// </summary>
    /// <param name="action">
    /// What must not allocate. It runs on the calling thread, 128 times, and more often when it fails; what
    /// it
    /// allocates once, for a cache, does not count, nor does what other threads allocate.
    /// </param>
    /// <exception cref="AllocationException">
    /// It allocates: the message has the bytes a call, what was allocated, and the rule that is likely to
    /// find it.
    /// </exception>
    public static void Zero(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        long bytes = Measure(action);
        if (bytes == 0)
        {
            return;
        }

        // The compiler replaces code while it runs, and may allocate for it: what remains does so each time.
        bytes = Math.Min(bytes, Measure(action));
        if (bytes == 0)
        {
            return;
        }

        string each = (bytes / (double)MeasuredCalls).ToString("0.#", CultureInfo.InvariantCulture);
        throw new AllocationException(
            $"{each} bytes are allocated a call{AllocatedTypes.Describe(action, bytes)}.");
    }

    private static long Measure(Action action)
    {
        for (int i = 0; i < WarmUpCalls; i++)
        {
            action();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < MeasuredCalls; i++)
        {
            action();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
