using System.Runtime.InteropServices;
using Gain.Kernel;

namespace Gain.Tests.Server;

/// <summary>Descriptors of another process: a child of this one, or this one has to be root.</summary>
internal static partial class ForeignDescriptors
{
    // The same numbers on every architecture: they were given out together.
    private const long PidfdOpen = 434;
    private const long PidfdGetfd = 438;

    /// <summary>Their number.</summary>
    public static int Count(int process) => Directory.GetFiles($"/proc/{process}/fd").Length;

    /// <summary>Calls with a copy of a process's first descriptor of a kind (pidfd_getfd(2)).</summary>
    public static int WithFirst(int process, string target, Func<int, int> call)
    {
        string path = Directory.GetFiles($"/proc/{process}/fd")
            .First(path => new FileInfo(path).LinkTarget == target);
        int pidfd = Check(Syscall(PidfdOpen, process, 0, 0), "pidfd_open");
        try
        {
            int number = int.Parse(Path.GetFileName(path));
            int copy = Check(Syscall(PidfdGetfd, pidfd, number, 0), "pidfd_getfd");
            try
            {
                return call(copy);
            }
            finally
            {
                Libc.Close(copy);
            }
        }
        finally
        {
            Libc.Close(pidfd);
        }
    }

    private static int Check(long result, string call)
    {
        if (result < 0)
        {
            Assert.Ignore($"{call} is refused here: {Errno.Describe(Marshal.GetLastPInvokeError())}");
        }

        return (int)result;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long Syscall(long number, long first, long second, long third);
}
