using Gain.Rings;
using Gain.Uring;

namespace Gain;

/// <summary>The ring that servers of this process use with <see cref="GainRing.Auto"/>, and why.</summary>
public sealed class RingReport
{
    private RingReport(RingChoice choice)
    {
        UringVerdict verdict = choice.Verdict!;
        Ring = choice.Ring;
        Reason = verdict.Reason;
        Advice = verdict.Advice;
        Errno = verdict.Errno;
        Features = verdict.Features;
        SetupFlags = RingFlagNames.List(verdict.Flags);
        Checks =
        [
            .. verdict.Checks.Select(check => new RingCheck { Name = check.What, Fault = check.Fault }),
        ];
    }

    /// <summary>The ring: <see cref="GainRing.Uring"/> or <see cref="GainRing.Epoll"/>.</summary>
    public GainRing Ring { get; }

    /// <summary>
    /// Why it is not io_uring, as in <c>EPERM, refused by a seccomp filter</c>; null when it is.
    /// </summary>
    public string? Reason { get; }

    /// <summary>What to change so that io_uring works; empty when there is nothing to change.</summary>
    public string Advice { get; }

    /// <summary>
    /// The error that io_uring_setup(2) failed with; 0 when there was none, also if a test failed after it.
    /// </summary>
    public int Errno { get; }

    /// <summary>The set-up flags that the kernel took, by its own names, as in DEFER_TASKRUN.</summary>
    public IReadOnlyList<string> SetupFlags { get; }

    /// <summary>The features that the kernel told of itself.</summary>
    public RingFeatures Features { get; }

    /// <summary>What was tried, in order, up to the first test that failed; empty without a ring.</summary>
    public IReadOnlyList<RingCheck> Checks { get; }

    /// <summary>Examines io_uring, once per process, as the first server does. Any thread.</summary>
    /// <returns>The report.</returns>
    /// <exception cref="GainException">No descriptor is left to try with.</exception>
    public static RingReport Examine() => new(RingChoice.Make(GainRing.Auto, KernelRingCalls.Instance));
}
