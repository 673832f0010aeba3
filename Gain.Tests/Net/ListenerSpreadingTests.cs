using System.Net;
using System.Net.Sockets;
using Gain.Kernel;
using Gain.Sockets;

namespace Gain.Tests.Net;

[NonParallelizable]
public sealed class ListenerSpreadingTests
{
    private const int Workers = 4;
    private const int Clients = 400;

    // The kernel's hash gives each worker 100 on average, with a deviation of 9: this is 8 of those away.
    private const int FewestPerWorker = 30;

    [TestCase("tcp://127.0.0.1:0")]
    [TestCase("tcp4://*:0")]
    [TestCase("tcp://[::1]:0")]
    [TestCase("tcp6://*:0")]
    [TestCase("tcp://*:0")]
    public void Connections_spread_over_all_workers(string address)
    {
        Listen.SkipWithoutIPv6();
        using ListenerGroup group = Listen.On(address, Workers);
        int[] listeners = [.. Enumerable.Range(0, Workers).Select(w => group.TakeListener(w, 0))];
        var counts = new int[Workers];
        using var all = new CountdownEvent(Clients);
        Task[] acceptors = [.. Enumerable.Range(0, Workers).Select(w => Task.Factory.StartNew(
            () => AcceptUntilShutdown(listeners[w], counts, w, all), TaskCreationOptions.LongRunning))];

        for (int i = 0; i < Clients; i++)
        {
            Connect(group.BoundEndpoints[0]);
        }
        all.Wait();
        foreach (int listener in listeners)
        {
            Assert.That(Libc.Shutdown(listener, SocketAbi.SHUT_RDWR), Is.Zero);
        }
        Task.WaitAll(acceptors);
        foreach (int listener in listeners)
        {
            Libc.Close(listener);
        }

        TestContext.Out.WriteLine($"{address}: {string.Join(' ', counts)}");
        Assert.That(counts.Sum(), Is.EqualTo(Clients));
        Assert.That(counts, Is.All.GreaterThan(FewestPerWorker));
    }

    private static void Connect(IPEndPoint bound)
    {
        IPAddress host = bound.Address.Equals(IPAddress.Any) ? IPAddress.Loopback
            : bound.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
            : bound.Address;
        using var client = new Socket(host.AddressFamily, SocketType.Stream, ProtocolType.Tcp);

        // Closing with a reset leaves no TIME_WAIT behind, which would hold ports that other tests choose.
        client.LingerState = new LingerOption(enable: true, seconds: 0);
        client.Connect(host, bound.Port);
    }

    private static unsafe void AcceptUntilShutdown(
        int listener, int[] counts, int worker, CountdownEvent all)
    {
        // A blocking accept ends with EINVAL when the listener is shut down.
        for (; ; )
        {
            int fd = Libc.Accept4(listener, null, null, SocketAbi.SOCK_CLOEXEC);
            if (fd == -Errno.EINVAL)
            {
                return;
            }
            if (fd >= 0)
            {
                counts[worker]++;
                Libc.Close(fd);
                all.Signal();
            }
        }
    }
}
