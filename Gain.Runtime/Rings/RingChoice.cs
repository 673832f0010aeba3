using Gain.Kernel;
using Gain.Uring;

namespace Gain.Rings;

/// <summary>
/// The ring that a server runs on, and why: io_uring where it works, else epoll. What works is found out
/// once per process.
/// </summary>
internal sealed class RingChoice
{
    private static readonly Lock s_gate = new();
    private static UringVerdict? s_verdict;

    private readonly IRingCalls _calls;

    private RingChoice(GainRing ring, GainRing wanted, IRingCalls calls, UringVerdict? verdict)
    {
        Ring = ring;
        IsForced = wanted != GainRing.Auto;
        Verdict = verdict;
        _calls = calls;
    }

    /// <summary><see cref="GainRing.Uring"/> or <see cref="GainRing.Epoll"/>.</summary>
    public GainRing Ring { get; }

    /// <summary>Whether the options left no choice.</summary>
    public bool IsForced { get; }

    /// <summary>What was found out about io_uring; null when it was not tried.</summary>
    public UringVerdict? Verdict { get; }

    /// <summary>Whether io_uring was wanted and cannot be had.</summary>
    public bool FellBack => Ring == GainRing.Epoll && !IsForced;

    /// <summary>Chooses for this process.</summary>
    /// <param name="wanted">What the options say.</param>
    /// <param name="calls">How to ask for io_uring.</param>
    /// <exception cref="GainException">io_uring is asked for and cannot be had.</exception>
    public static RingChoice Make(GainRing wanted, IRingCalls calls) => wanted == GainRing.Epoll
        ? new RingChoice(GainRing.Epoll, wanted, calls, verdict: null)
        : Make(wanted, calls, Test(calls));

    /// <summary>Makes io_uring's rings.</summary>
    public UringRingFactory NewUringFactory() => new(_calls);

    /// <summary>Makes epoll's rings, whose description has the reason for them.</summary>
    public EpollRingFactory NewEpollFactory() =>
        new(Verdict is null ? "epoll (GainOptions.Ring)" : $"epoll (io_uring: {Verdict.Reason})");

    /// <summary>
    /// Whether a start that failed on io_uring may be tried on epoll. Not when descriptors ran out: those
    /// are missing there, too.
    /// </summary>
    public bool MayFallBack(GainException refused) =>
        Ring == GainRing.Uring && !IsForced
        && refused.ErrorCode == GainError.RingUnavailable
        && refused.Errno is not (Errno.EMFILE or Errno.ENFILE);

    /// <summary>
    /// The choice when the test passed and the rings of the workers were refused, for want of memory that
    /// may be locked for the most part. The process stays with it.
    /// </summary>
    public RingChoice FallBack(GainException refused)
    {
        UringVerdict verdict = Verdict! with
        {
            Errno = refused.Errno,
            Reason = UringRefusal.Describe(refused.Errno),
            Advice = (refused.InnerException as RingException)?.Advice ?? refused.Message,
        };
        if (ReferenceEquals(_calls, KernelRingCalls.Instance))
        {
            lock (s_gate)
            {
                s_verdict = verdict;
            }
        }

        return Make(GainRing.Auto, _calls, verdict);
    }

    private static RingChoice Make(GainRing wanted, IRingCalls calls, UringVerdict verdict)
    {
        if (verdict.Works)
        {
            return new RingChoice(GainRing.Uring, wanted, calls, verdict);
        }

        return wanted == GainRing.Auto
            ? new RingChoice(GainRing.Epoll, wanted, calls, verdict)
            : throw new GainException(
                GainError.RingUnavailable,
                $"GainOptions.Ring is Uring, but io_uring cannot be used here: {verdict.Reason}. "
                + $"{verdict.Advice} {UringRefusal.WayOut}",
                verdict.Errno);
    }

    // Once per process: what a machine offers does not change, and all its servers should do alike.
    private static UringVerdict Test(IRingCalls calls)
    {
        if (!ReferenceEquals(calls, KernelRingCalls.Instance))
        {
            return UringSelfTest.Run(calls);
        }

        lock (s_gate)
        {
            return s_verdict ??= UringSelfTest.Run(calls);
        }
    }
}
