using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using Gain.Kernel;

namespace Gain.Bench.Tools;

/// <summary>Times a start: connects in a tight loop until that succeeds, then has a byte echoed.</summary>
/// <remarks>System calls without a wrapper: an exception for each refused connect would cost more.</remarks>
internal static partial class StartProbe
{
    private const int TriesBetweenChecks = 256;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    /// <summary>Starts a program and waits for it, at full speed.</summary>
    /// <returns>The time until a connect succeeded, and until a byte came back.</returns>
    /// <exception cref="BenchException">It ended, or did not answer.</exception>
    public static async Task<(TimeSpan Connected, TimeSpan Answered)> RunAsync(
        IReadOnlyList<string> words, int port, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        await using Child child = Child.Start(words);
        int fd = Connect(child, port, started, cancellation);
        try
        {
            TimeSpan connected = Stopwatch.GetElapsedTime(started);
            EchoByte(fd);
            return (connected, Stopwatch.GetElapsedTime(started));
        }
        finally
        {
            _ = Libc.Close(fd);
        }
    }

    private static unsafe int Connect(Child child, int port, long started, CancellationToken cancellation)
    {
        sockaddr_in from = Address(Ports.ProbeAddress, 0);
        sockaddr_in to = Address(IPAddress.Loopback, port);
        for (int tries = 1; ; tries++)
        {
            int fd = Libc.Socket(SocketAbi.AF_INET, SocketAbi.SOCK_STREAM | SocketAbi.SOCK_CLOEXEC, 0);
            if (fd >= 0 && Libc.Bind(fd, &from, (uint)sizeof(sockaddr_in)) == 0
                && Connect(fd, &to, (uint)sizeof(sockaddr_in)) == 0)
            {
                return fd;
            }

            _ = Libc.Close(fd);
            if (tries % TriesBetweenChecks == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                if (child.HasExited || Stopwatch.GetElapsedTime(started) > s_limit)
                {
                    throw new BenchException($"The server does not come up. {child.Errors}");
                }
            }
        }
    }

    private static unsafe void EchoByte(int fd)
    {
        byte sent = 1, received = 0;
        if (Libc.Send(fd, &sent, 1, SocketAbi.MSG_NOSIGNAL) != 1 || Libc.Read(fd, &received, 1) != 1
            || received != sent)
        {
            throw new BenchException("The server does not echo the first byte.");
        }
    }

    private static sockaddr_in Address(IPAddress address, int port) => new()
    {
        sin_family = SocketAbi.AF_INET,
        sin_port = BinaryPrimitives.ReverseEndianness((ushort)port),
        sin_addr = BitConverter.ToUInt32(address.GetAddressBytes()),
    };

    // SAFETY: the kernel reads the address during the call only.
    [LibraryImport("libc", EntryPoint = "connect")]
    private static unsafe partial int Connect(int fd, void* address, uint length);
}
