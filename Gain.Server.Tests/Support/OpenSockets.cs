using System.Globalization;

namespace Gain.Tests.Server;

/// <summary>The sockets that this process has open, as /proc tells them.</summary>
internal static class OpenSockets
{
    private const int O_NONBLOCK = 0x800;
    private const int O_CLOEXEC = 0x80000;

    /// <summary>
    /// The kernel's names for them ("socket:[4711]"), which unlike descriptors are not reused soon.
    /// </summary>
    internal static string[] List()
    {
        var names = new List<string>();
        foreach (string descriptor in Directory.GetFiles("/proc/self/fd"))
        {
            // Null for a descriptor that is closed by now, such as the one that read the directory.
            string? target = new FileInfo(descriptor).LinkTarget;
            if (target is not null && target.StartsWith("socket:", StringComparison.Ordinal))
            {
                names.Add(target);
            }
        }
        names.Sort(StringComparer.Ordinal);
        return [.. names];
    }

    internal static bool IsBlocking(int fd) => (FlagsOf(fd) & O_NONBLOCK) == 0;

    internal static bool IsClosedOnExec(int fd) => (FlagsOf(fd) & O_CLOEXEC) != 0;

    private static int FlagsOf(int fd)
    {
        string line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{fd}"))
            .First(l => l.StartsWith("flags:", StringComparison.Ordinal));
        return Convert.ToInt32(line["flags:".Length..].Trim(), fromBase: 8);
    }
}
