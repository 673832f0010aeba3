using Gain.Kernel;

namespace Gain.Uring;

/// <summary>The clock of a ring's waits, see <see cref="Ring.RegisterClock"/>.</summary>
public enum RingClock : uint
{
    /// <summary>The monotonic clock, which stops in suspend.</summary>
    Monotonic = RingLibc.CLOCK_MONOTONIC,

    /// <summary>The monotonic clock that goes on in suspend.</summary>
    BootTime = RingLibc.CLOCK_BOOTTIME,
}
