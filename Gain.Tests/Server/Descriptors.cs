namespace Gain.Tests.Server;

/// <summary>The descriptors of this process.</summary>
internal static class Descriptors
{
    /// <summary>
    /// The targets of those that only Gain opens in a test process: rings and eventfds. Sockets are not
    /// among them, as those of the test's clients close when the runtime likes.
    /// </summary>
    public static string[] OfGain() =>
        [.. All().Where(target => target is "anon_inode:[io_uring]" or "anon_inode:[eventfd]")];

    /// <summary>The number of sockets that listen or are connected, of the whole process.</summary>
    public static int Sockets() =>
        All().Count(target => target.StartsWith("socket:", StringComparison.Ordinal));

    private static IEnumerable<string> All()
    {
        foreach (string path in Directory.GetFiles("/proc/self/fd"))
        {
            // One of them is the descriptor that lists them, which is gone by now.
            if (File.ResolveLinkTarget(path, returnFinalTarget: false) is { } target)
            {
                yield return Path.GetFileName(target.FullName) is var name && target.FullName.Contains('[')
                    ? name
                    : target.FullName;
            }
        }
    }
}
