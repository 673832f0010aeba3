using Gain.Kernel;

namespace Gain.Sockets;

/// <summary>The nice value of a worker's thread.</summary>
internal static class ThreadNice
{
    /// <summary>Gives the calling thread a nice value, for good; it must be a thread of Gain's own.</summary>
    /// <exception cref="GainException">The process may not.</exception>
    internal static void Set(int worker, int nice)
    {
        int result = Libc.SetThreadNice(nice);
        if (result == 0)
        {
            return;
        }

        string what = $"Cannot give worker {worker} the nice value {nice}";
        throw result is -Errno.EACCES or -Errno.EPERM
            ? new GainException(
                GainError.PermissionDenied,
                $"{what}: {Errno.Describe(-result)}. Give the process CAP_SYS_NICE (`setcap "
                + "cap_sys_nice+ep`, AmbientCapabilities=CAP_SYS_NICE) or the limit (`ulimit -e "
                + $"{20 - nice}`, LimitNICE=), or leave GainOptions.NiceValue out.",
                -result)
            : GainException.ForSystemCall(what, -result);
    }
}
