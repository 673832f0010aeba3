using Gain.Uring;

namespace Gain.Rings;

/// <summary>Whether io_uring can be used here, found out by using it.</summary>
/// <param name="Flags">The set-up flags that the kernel took.</param>
/// <param name="Features">What the kernel told at set-up.</param>
/// <param name="Checks">The tests in their order, up to the first that failed.</param>
/// <param name="Errno">The error with which a ring was refused; 0 when one was made.</param>
/// <param name="Reason">Why it cannot be used, for a log line; null when it can.</param>
/// <param name="Advice">What to change; empty when there is nothing to.</param>
internal sealed record UringVerdict(
    RingSetupFlags Flags,
    RingFeatures Features,
    IReadOnlyList<UringCheck> Checks,
    int Errno,
    string? Reason,
    string Advice)
{
    /// <summary>Whether it works.</summary>
    public bool Works => Reason is null;
}
