using System.Runtime.InteropServices;

namespace Gain.Tests;

/// <summary>
/// Descriptor 0 is free while a test runs, as in a program that was started without standard input: the next
/// one that is opened gets its number.
/// </summary>
internal static class FreedDescriptor
{
    private const int StandardInput = 0;
    private const int F_DUPFD_CLOEXEC = 1030;
    private const int Aside = 100;

    /// <summary>Runs a test, and puts standard input back where it was.</summary>
    public static void Run(Action test)
    {
        int kept = Duplicate(StandardInput, F_DUPFD_CLOEXEC, Aside);
        Assert.That(kept, Is.AtLeast(Aside), "standard input is open");
        try
        {
            _ = Close(StandardInput);
            test();
        }
        finally
        {
            // Whoever else has it by now, it stays theirs.
            int back = Duplicate(kept, F_DUPFD_CLOEXEC, StandardInput);
            if (back != StandardInput)
            {
                _ = Close(back);
            }

            _ = Close(kept);
        }
    }

    [DllImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Duplicate(int fd, int command, int least);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int fd);
}
