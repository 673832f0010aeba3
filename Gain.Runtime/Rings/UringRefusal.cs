using Gain.Kernel;

namespace Gain.Rings;

/// <summary>Who refused io_uring, as far as the machine tells.</summary>
internal static class UringRefusal
{
    /// <summary>What always can be done about it, as a sentence behind the advice.</summary>
    public const string WayOut =
        "Or set GainOptions.Ring to Auto or Epoll, which need no io_uring (--ring of the example).";

    private const string DisabledSetting = "/proc/sys/kernel/io_uring_disabled";
    private const string ProcessStatus = "/proc/self/status";

    /// <summary>A clause for a log line, as in "EPERM, refused by a seccomp filter".</summary>
    public static string Describe(int errno) => Describe(errno, IsFiltered(), Disabled());

    /// <summary>The same for a machine of which that is known.</summary>
    /// <param name="errno">What io_uring_setup(2) failed with.</param>
    /// <param name="isFiltered">Whether the process has seccomp filters.</param>
    /// <param name="disabled">The sysctl kernel.io_uring_disabled; 0 where there is none.</param>
    public static string Describe(int errno, bool isFiltered, int disabled) => errno switch
    {
        // The sysctl's own error is EPERM; a filter's may be anything, and comes first.
        Errno.EPERM or Errno.EACCES when disabled != 0 && isFiltered =>
            $"{Errno.Name(errno)}, refused by a seccomp filter or by kernel.io_uring_disabled = {disabled}",
        Errno.EPERM or Errno.EACCES when disabled != 0 =>
            $"{Errno.Name(errno)}, refused by kernel.io_uring_disabled = {disabled}",
        Errno.EPERM or Errno.EACCES when isFiltered =>
            $"{Errno.Name(errno)}, refused by a seccomp filter",
        Errno.EPERM or Errno.EACCES => $"{Errno.Name(errno)}, refused by a security module",
        Errno.ENOSYS when isFiltered => "ENOSYS, hidden by a seccomp filter or not in this kernel",
        Errno.ENOSYS => "ENOSYS, not in this kernel",
        Errno.ENOMEM => "ENOMEM, over the memlock limit (`ulimit -l`)",
        _ => Errno.Describe(errno),
    };

    private static bool IsFiltered() => ReadLines(ProcessStatus)
        .Any(line => line.StartsWith("Seccomp:", StringComparison.Ordinal) && line.EndsWith('2'));

    private static int Disabled() =>
        int.TryParse(ReadLines(DisabledSetting).FirstOrDefault(), out int value) ? value : 0;

    // Not told is as good as not so: this is for the reader of a log only.
    private static string[] ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
