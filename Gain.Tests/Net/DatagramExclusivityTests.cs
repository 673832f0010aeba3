using System.Net;
using System.Net.Sockets;
using Gain.Kernel;
using Gain.Sockets;
using Gain.Tests.Server;

namespace Gain.Tests.Net;

/// <summary>Nobody joins the port that workers share for datagrams, and no guard takes datagrams
/// away.</summary>
[NonParallelizable]
public sealed class DatagramExclusivityTests
{
    private string[] _socketsBefore = [];

    [SetUp]
    public void CountSockets() => _socketsBefore = OpenSockets.List();

    [TearDown]
    public void Every_socket_is_closed() => Assert.That(OpenSockets.List(), Is.EqualTo(_socketsBefore));

    // From some ten sockets on, the kernel looks at another chain of them.
    [Test]
    public void Another_program_is_refused_even_with_REUSEPORT(
        [Values(1, 2, 14)] int workers,
        [Values("udp://127.0.0.1", "udp://[::1]", "udp4://*", "udp6://*", "udp://*", "udp://localhost")]
        string host,
        [Values] bool reuseAddress)
    {
        Listen.SkipWithoutIPv6();
        using ListenerGroup group = Listen.On($"{host}:0", workers);

        Assert.That(group.IsSealed, Is.True);
        foreach (IPEndPoint bound in group.BoundEndpoints)
        {
            bool isAny = bound.Address.Equals(IPAddress.Any) || bound.Address.Equals(IPAddress.IPv6Any);
            bool isV6 = bound.AddressFamily == AddressFamily.InterNetworkV6;
            IPAddress[] moreOrLessSpecific = (isAny, isV6) switch
            {
                (true, true) => [IPAddress.IPv6Loopback],
                (true, false) => [IPAddress.Loopback],
                (false, true) => [IPAddress.IPv6Any],
                _ => [IPAddress.Any],
            };
            foreach (IPAddress address in moreOrLessSpecific.Append(bound.Address))
            {
                int result = BindForeign(new IPEndPoint(address, bound.Port), reuseAddress);
                Assert.That(result, Is.EqualTo(-Errno.EADDRINUSE), $"{address} beside {bound}");
            }
        }

        Listen.IsRefusedAsInUse($"{host}:{group.BoundEndpoints[0].Port}", workers: 2);
    }

    [TestCase("udp://127.0.0.1", "127.0.0.1")]
    [TestCase("udp://[::1]", "::1")]
    [TestCase("udp4://*", "127.0.0.1")]
    [TestCase("udp6://*", "::1")]
    [TestCase("udp://*", "::1")]
    [TestCase("udp://*", "127.0.0.1")]
    public void Every_datagram_arrives_at_a_worker(string host, string to)
    {
        Listen.SkipWithoutIPv6();
        const int Workers = 3;
        const int Sent = 120;
        using ListenerGroup group = Listen.On($"{host}:0", Workers);
        var target = new IPEndPoint(IPAddress.Parse(to), group.BoundEndpoints[0].Port);
        for (int i = 0; i < Sent; i++)
        {
            using var client = new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            client.SendTo([1], target);
        }

        // Over loopback a datagram has arrived when the send returns.
        int[] received = new int[Workers];
        for (int worker = 0; worker < Workers; worker++)
        {
            using var socket = new Socket(new SafeSocketHandle(group.TakeListener(worker, 0), true));
            while (socket.Poll(0, SelectMode.SelectRead))
            {
                socket.Receive(new byte[1]);
                received[worker]++;
            }
        }

        Assert.That(received.Sum(), Is.EqualTo(Sent), string.Join(", ", received));
        Assert.That(received, Has.All.GreaterThan(0));
    }

    private static int BindForeign(IPEndPoint endPoint, bool reuseAddress)
    {
        int fd = SocketOptions.OpenDatagram(endPoint);
        Assert.That(SocketOptions.SetReusePort(fd, on: true), Is.Zero);
        Assert.That(SocketOptions.SetReuseAddress(fd, reuseAddress), Is.Zero);
        int result = SocketOptions.Bind(fd, endPoint);
        Libc.Close(fd);
        return result;
    }
}
