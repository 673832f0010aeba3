using System.Runtime.InteropServices;

namespace Gain.Uring;

/// <summary>
/// A time for the kernel: its <c>__kernel_timespec</c>, 16 bytes. A point in time on the clock that the
/// operation names, or a duration.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Timespec
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Makes one of its parts.</summary>
    /// <param name="seconds">Whole seconds.</param>
    /// <param name="nanoseconds">The rest, from 0 to 999,999,999.</param>
    public Timespec(long seconds, long nanoseconds)
    {
        Seconds = seconds;
        Nanoseconds = nanoseconds;
    }

    /// <summary>Whole seconds.</summary>
    public long Seconds { get; init; }

    /// <summary>The rest, from 0 to 999,999,999.</summary>
    public long Nanoseconds { get; init; }

    /// <summary>A duration.</summary>
    /// <param name="nanoseconds">Nanoseconds, not negative.</param>
    /// <returns>The same duration.</returns>
    public static Timespec FromNanoseconds(long nanoseconds)
    {
        long seconds = nanoseconds / NanosecondsPerSecond;
        return new Timespec(seconds, nanoseconds - (seconds * NanosecondsPerSecond));
    }
}
