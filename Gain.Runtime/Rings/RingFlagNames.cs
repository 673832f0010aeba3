using Gain.Uring;

namespace Gain.Rings;

/// <summary>Names a ring's set-up flags as the kernel does, for logs and banners.</summary>
internal static class RingFlagNames
{
    private static readonly (RingSetupFlags Flag, string Name)[] s_names =
    [
        (RingSetupFlags.SubmitAll, "SUBMIT_ALL"),
        (RingSetupFlags.CooperativeTaskRun, "COOP_TASKRUN"),
        (RingSetupFlags.TaskRunFlag, "TASKRUN_FLAG"),
        (RingSetupFlags.SingleIssuer, "SINGLE_ISSUER"),
        (RingSetupFlags.DeferTaskRun, "DEFER_TASKRUN"),
        (RingSetupFlags.NoSubmissionArray, "NO_SQARRAY"),
    ];

    public static string[] List(RingSetupFlags flags) =>
        [.. s_names.Where(n => (flags & n.Flag) != 0).Select(n => n.Name)];

    public static string Describe(RingSetupFlags flags)
    {
        string[] names = List(flags);
        return names.Length == 0 ? "no flags" : string.Join(", ", names);
    }
}
