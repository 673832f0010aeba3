using System.Runtime.InteropServices;

namespace Gain.Uring;

/// <summary>
/// A time for the kernel: its <c>__kernel_timespec</c>, 16 bytes. A point in time on the clock that the
/// operation names, or a duration.
/// </summary>
/// <param name="Seconds">Whole seconds.</param>
/// <param name="Nanoseconds">The rest, from 0 to 999,999,999.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Timespec(long Seconds, long Nanoseconds)
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>A duration.</summary>
    /// <param name="nanoseconds">Nanoseconds, not negative.</param>
    /// <returns>The same duration.</returns>
    public static Timespec FromNanoseconds(long nanoseconds)
    {
        long seconds = nanoseconds / NanosecondsPerSecond;
        return new Timespec(seconds, nanoseconds - (seconds * NanosecondsPerSecond));
    }
}
