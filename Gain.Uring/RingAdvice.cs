using System.Globalization;
using Gain.Kernel;

namespace Gain.Uring;

/// <summary>The likely cause of each errno that a ring cannot go on with, and what to do about it.</summary>
internal static unsafe class RingAdvice
{
    private const string DisabledSetting = "/proc/sys/kernel/io_uring_disabled";

    internal static string Setup(int errno, RingOptions options) => errno switch
    {
        Errno.ENOSYS =>
            "The kernel has no io_uring (it is older than 5.1 or lacks CONFIG_IO_URING), or a seccomp "
            + "profile hides it, as gVisor and some container runtimes do: allow io_uring_setup, "
            + "io_uring_enter and io_uring_register there.",
        Errno.EPERM or Errno.EACCES =>
            "io_uring is forbidden here: by the seccomp profile of a container (Docker's and containerd's "
            + "default one blocks it: allow io_uring_setup, io_uring_enter and io_uring_register), by a "
            + $"security module, or by the sysctl kernel.io_uring_disabled ({DisabledValue()}; 0 allows).",
        Errno.ENOMEM => Memory($"A ring of {Count(options.Entries)} entries"),
        Errno.EMFILE or Errno.ENFILE =>
            "No descriptor is left for the ring: raise `ulimit -n` or the sysctl fs.file-max.",
        Errno.EBUSY when (options.Flags & RingSetupFlags.RegisteredDescriptorOnly) != 0 =>
            "The thread has 16 registered descriptors, the most that there are, and with "
            + "RegisteredDescriptorOnly the ring needs one: make fewer such rings on a thread.",
        Errno.EINVAL when options.SubmissionThreadCpu is { } cpu && cpu >= Environment.ProcessorCount =>
            $"SubmissionThreadCpu is {cpu}: the process has {Environment.ProcessorCount} CPUs, and "
            + "there may be no such one.",
        Errno.EINVAL => Refused(options.Flags),
        _ => "This is unexpected; see io_uring_setup(2).",
    };

    // Flags that only make a ring faster were left out before.
    private static string Refused(RingSetupFlags flags)
    {
        RingSetupFlags demanded = flags & RingSetup.KnownFlags & ~RingSetup.Droppable;
        if (demanded == 0)
        {
            return "The kernel refuses a ring without any optional flag: it is older than 5.6.";
        }

        RingSetupFlags missing = Ring.TryQuery(out RingQuery query) ? demanded & ~query.SetupFlags : 0;
        return missing != 0
            ? $"This kernel does not have {missing}: the flag's description names the version that does."
            : $"The kernel does not have {demanded}, or not together with the other options; the flags' "
                + "descriptions name versions and exclusions.";
    }

    internal static string Enter(int errno) => errno switch
    {
        Errno.EBADR => "The kernel lost completions because memory was short, so this ring can no longer "
            + "be trusted: dispose of it and of the connections on it.",
        Errno.EEXIST => "Another thread than the one that made the ring used it.",
        Errno.EBADF => "The ring's descriptor was closed by someone else.",
        Errno.EBADFD => "The ring is disabled: call Enable first.",
        Errno.EFAULT or Errno.EINVAL => "The ring's memory or its options are damaged.",
        _ => "This is unexpected; see io_uring_enter(2).",
    };

    internal static string BufferRing(int errno, ushort group, uint entries, bool isKernels) => errno switch
    {
        Errno.EINVAL when isKernels => "The kernel allocates no buffer rings itself (it is older than 6.4, "
            + "or has none at all): leave out BufferRingFlags.KernelMemory.",
        Errno.EINVAL => "The kernel has no buffer rings (it is older than 5.19).",
        Errno.EEXIST => $"Buffer group {group} is in use: pick another, or dispose of its ring first.",
        Errno.ENOMEM => Memory($"A buffer ring of {Count((int)entries)} entries"),
        _ => "This is unexpected; see io_uring_register(2).",
    };

    private static string Memory(string what)
    {
        rlimit limit;
        string current = RingLibc.GetRLimit(RingLibc.RLIMIT_MEMLOCK, &limit) != 0 ? "unknown"
            : limit.rlim_cur == RingLibc.RLIM_INFINITY ? "unlimited, so that memory itself is short"
            : $"{(limit.rlim_cur / 1024).ToString("N0", CultureInfo.InvariantCulture)} KiB";
        return $"{what} does not fit into what the user may lock, over all its processes (the memlock limit, "
            + $"{current}): raise it (`ulimit -l`, LimitMEMLOCK= in a systemd unit, --ulimit memlock for "
            + "Docker), or ask for fewer entries.";
    }

    private static string DisabledValue()
    {
        try
        {
            return "it is " + File.ReadAllText(DisabledSetting).Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "this kernel does not tell it";
        }
    }

    private static string Count(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
