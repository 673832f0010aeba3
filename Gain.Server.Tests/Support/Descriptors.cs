using System.Net;
using System.Net.Sockets;
using Gain.Kernel;

namespace Gain.Tests.Server;

/// <summary>The descriptors of this process.</summary>
internal static class Descriptors
{
    private static readonly Lazy<bool> s_runtimeWaits = new(MakeRuntimeWait);

    /// <summary>
    /// The targets of those that only Gain opens in a test process after the first socket: rings, epoll sets
    /// and eventfds. Sockets are not among them, as those of the test's clients close when the runtime likes.
    /// </summary>
    public static string[] OfGain()
    {
        _ = s_runtimeWaits.Value;
        return [.. All().Where(IsOfGain).Order()];
    }

    /// <summary>The rings' descriptors.</summary>
    public static int[] Rings() => Of("anon_inode:[io_uring]");

    /// <summary>The descriptors of epoll sets, the runtime's own included.</summary>
    public static int[] EpollSets()
    {
        _ = s_runtimeWaits.Value;
        return Of("anon_inode:[eventpoll]");
    }

    /// <summary>The number of sockets that listen or are connected, of the whole process.</summary>
    public static int Sockets() =>
        All().Count(target => target.StartsWith("socket:", StringComparison.Ordinal));

    /// <summary>Two connected Unix sockets.</summary>
    public static unsafe (int Ours, int Peers) UnixPair()
    {
        int* pair = stackalloc int[2];
        const int type = SocketAbi.SOCK_STREAM | SocketAbi.SOCK_CLOEXEC;
        Assert.That(Libc.SocketPair(SocketAbi.AF_UNIX, type, 0, pair), Is.Zero);
        return (pair[0], pair[1]);
    }

    private static bool IsOfGain(string target) =>
        target is "anon_inode:[io_uring]" or "anon_inode:[eventfd]" or "anon_inode:[eventpoll]";

    // The runtime makes its own epoll sets, once, for the first socket that waits.
    private static bool MakeRuntimeWait()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Task<Socket> accepting = listener.AcceptAsync();
        client.ConnectAsync(listener.LocalEndPoint!).GetAwaiter().GetResult();
        using Socket accepted = accepting.GetAwaiter().GetResult();
        return true;
    }

    private static int[] Of(string target) =>
    [
        .. Directory.GetFiles("/proc/self/fd")
            .Where(path => TargetOf(path) == target)
            .Select(path => int.Parse(Path.GetFileName(path))),
    ];

    private static IEnumerable<string> All()
    {
        foreach (string path in Directory.GetFiles("/proc/self/fd"))
        {
            if (TargetOf(path) is { } target)
            {
                yield return target;
            }
        }
    }

    private static string? TargetOf(string path)
    {
        try
        {
            // A target such as "socket:[4711]" is no path, but is resolved as one beside the link.
            string target = File.ResolveLinkTarget(path, returnFinalTarget: false)!.FullName;
            string name = Path.GetFileName(target);
            return name.EndsWith(']') ? name : target;
        }
        catch (FileNotFoundException)
        {
            // Closed since it was listed, as the descriptor that listed it is.
            return null;
        }
    }
}
