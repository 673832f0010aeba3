using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>The calls that place threads on CPUs. Each returns 0 or the negated errno.</summary>
internal abstract unsafe partial class Libc
{
    /// <summary>sched_setaffinity(2); thread 0 is the calling one.</summary>
    internal static int SchedSetAffinity(int thread, nuint maskBytes, void* mask) =>
        sched_setaffinity(thread, maskBytes, mask) == 0 ? 0 : -Marshal.GetLastSystemError();

    /// <summary>sched_getaffinity(2); EINVAL when the mask is smaller than the kernel's.</summary>
    internal static int SchedGetAffinity(int thread, nuint maskBytes, void* mask) =>
        sched_getaffinity(thread, maskBytes, mask) == 0 ? 0 : -Marshal.GetLastSystemError();

    /// <summary>setpriority(2) of the calling thread: on Linux the nice value is each thread's own.</summary>
    internal static int SetThreadNice(int nice) =>
        setpriority(PRIO_PROCESS, 0, nice) == 0 ? 0 : -Marshal.GetLastSystemError();

    private const int PRIO_PROCESS = 0;

    [DllImport("libc", ExactSpelling = true)]
    private static extern int setpriority(int which, uint who, int nice);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int sched_setaffinity(int thread, nuint maskBytes, void* mask);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int sched_getaffinity(int thread, nuint maskBytes, void* mask);
}
