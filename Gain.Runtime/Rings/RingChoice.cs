using Gain.Kernel;
using Gain.Uring;

namespace Gain.Rings;

/// <summary>
/// The ring that a server runs on, and why: io_uring where it works, else epoll. What works is found out
/// once per process.
/// </summary>
internal sealed class RingChoice
{
    private const string WayOut =
        "Or set GainOptions.Ring to Auto or Epoll, which need no io_uring (--ring of the example).";

    private static readonly Lock s_gate = new();
    private static UringVerdict? s_verdict;

    private RingChoice(GainRing ring, bool isForced, string description, UringVerdict? verdict)
    {
        Ring = ring;
        IsForced = isForced;
        EpollDescription = description;
        Verdict = verdict;
    }

    /// <summary><see cref="GainRing.Uring"/> or <see cref="GainRing.Epoll"/>.</summary>
    public GainRing Ring { get; }

    /// <summary>Whether the options left no choice.</summary>
    public bool IsForced { get; }

    /// <summary>The description of epoll rings, with the reason for them.</summary>
    public string EpollDescription { get; }

    /// <summary>What was found out about io_uring; null when it was not tried.</summary>
    public UringVerdict? Verdict { get; }

    /// <summary>Whether io_uring was wanted and cannot be had.</summary>
    public bool FellBack => Ring == GainRing.Epoll && !IsForced;

    /// <summary>Chooses for this process.</summary>
    /// <exception cref="GainException">io_uring is asked for and cannot be had.</exception>
    public static RingChoice Make(GainRing wanted) =>
        wanted == GainRing.Epoll ? Forced() : Make(wanted, OfProcess());

    /// <summary>Chooses where that is known of io_uring.</summary>
    /// <exception cref="GainException">io_uring is asked for and cannot be had.</exception>
    public static RingChoice Make(GainRing wanted, UringVerdict verdict)
    {
        if (wanted == GainRing.Epoll)
        {
            return Forced();
        }

        if (verdict.Works)
        {
            return new RingChoice(GainRing.Uring, wanted == GainRing.Uring, "", verdict);
        }

        return wanted == GainRing.Auto
            ? new RingChoice(GainRing.Epoll, isForced: false, Describe(verdict), verdict)
            : throw new GainException(
                GainError.RingUnavailable,
                $"GainOptions.Ring is Uring, but io_uring cannot be used here: {verdict.Reason}. "
                + $"{verdict.Advice} {WayOut}",
                verdict.Errno);
    }

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
    public static RingChoice FallBack(GainException refused)
    {
        UringVerdict tested = OfProcess();
        string advice = (refused.InnerException as RingException)?.Advice ?? refused.Message;
        var verdict = tested with
        {
            Errno = refused.Errno,
            Reason = UringRefusal.Describe(refused.Errno),
            Advice = advice,
        };
        lock (s_gate)
        {
            s_verdict = verdict;
        }

        return Make(GainRing.Auto, verdict);
    }

    private static RingChoice Forced() =>
        new(GainRing.Epoll, isForced: true, "epoll (GainOptions.Ring)", verdict: null);

    private static UringVerdict OfProcess()
    {
        lock (s_gate)
        {
            return s_verdict ??= UringSelfTest.Run(KernelRingCalls.Instance);
        }
    }

    private static string Describe(UringVerdict verdict) => $"epoll (io_uring: {verdict.Reason})";
}
