using System.Net;
using System.Net.Sockets;
using Gain.Kernel;
using Gain.Sockets;

namespace Gain.Tests.Server.Dialling;

/// <summary>The options of dials: which values are refused, and what the ports and fast open do.</summary>
public class DialOptionsTests(GainRing ring) : ServerTest(ring)
{
    private const string SystemRangePath = "/proc/sys/net/ipv4/ip_local_port_range";

    [Test]
    public void Value_that_is_none_is_refused() => Assert.Multiple(() =>
    {
        AssertRefused(new DialOptions { NameLifetime = TimeSpan.Zero }, "NameLifetime is 00:00:00");
        AssertRefused(new DialOptions { NameLifetime = TimeSpan.FromDays(2) }, "NameLifetime is 2.00:00:00");
        AssertRefused(
            new DialOptions { NameFailureLifetime = Timeout.InfiniteTimeSpan },
            "NameFailureLifetime is -00:00:00.0010000");
        AssertRefused(new DialOptions { AttemptDelay = TimeSpan.Zero }, "AttemptDelay is 00:00:00");
        AssertRefused(new DialOptions { MaxNames = 0 }, "MaxNames is 0");
        AssertRefused(new DialOptions { LocalPorts = new PortRange(0, 9) }, "LocalPorts is 0-9");
        AssertRefused(new DialOptions { LocalPorts = new PortRange(9, 8) }, "LocalPorts is 9-8");
    });

    [Test]
    public void Name_may_be_looked_up_once() => Assert.That(
        () => GainServer.Listen(new EchoProtocol(), "tcp://127.0.0.1:0").Dial(
            new EchoProtocol(), new DialOptions { NameLifetime = Timeout.InfiniteTimeSpan }),
        Throws.Nothing);

    [Test]
    public void Ports_outside_those_of_the_system_are_refused_with_both()
    {
        Assert.That(
            () => LocalPorts.Compare(new PortRange(32_768, 60_999), "32768\t60999\n"), Throws.Nothing);
        Assert.That(
            () => LocalPorts.Compare(new PortRange(60_999, 61_000), "32768\t60999\n"),
            Throws.TypeOf<GainException>().With.Message.StartsWith(
                "DialOptions.LocalPorts is 60999-61000, but net.ipv4.ip_local_port_range is 32768-60999"));
        Assert.That(
            () => LocalPorts.Compare(new PortRange(32_767, 40_000), "32768\t60999\n"),
            Throws.TypeOf<GainException>());
    }

    [Test]
    public async Task Connections_come_from_the_local_ports_and_fail_with_NoPort_when_all_are_used()
    {
        PortRange ports = RangeOfTwo();
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(16);
        DialTarget target = DialTarget.FromIPEndPoint((IPEndPoint)listener.LocalEndPoint!);
        await using var client = new DiallingClient(Ring, new DialOptions { LocalPorts = ports });
        var used = new List<int>();
        GainException? full = null;
        while (full is null && used.Count <= 2)
        {
            try
            {
                await client.Dialler.DialAsync(target).WaitAsync(Clients.Patience);
                Socket upstream = await listener.AcceptAsync().WaitAsync(Clients.Patience);
                used.Add(((IPEndPoint)upstream.RemoteEndPoint!).Port);
            }
            catch (GainException refused)
            {
                full = refused;
            }
        }

        Assert.That(used, Is.SubsetOf(new int[] { ports.First, ports.Last }).And.Unique.And.Not.Empty);
        Assert.That(full?.ConnectFailure?.Reason, Is.EqualTo(ConnectFailureReason.NoPort));
    }

    [Test]
    public async Task Fast_open_sends_what_is_written_first()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(16);
        await using var client = new DiallingClient(Ring, new DialOptions { FastOpen = true });
        DialTarget target = DialTarget.FromIPEndPoint((IPEndPoint)listener.LocalEndPoint!);
        for (int i = 0; i < 3; i++)
        {
            ConnectionHandle handle = await client.Dialler.DialAsync(target).WaitAsync(Clients.Patience);
            Assert.That(handle.TrySend("ping"u8));
            using Socket upstream = await listener.AcceptAsync().WaitAsync(Clients.Patience);
            Assert.That(await Clients.ReceiveExactlyAsync(upstream, 4), Is.EqualTo("ping"u8.ToArray()));
            await upstream.SendAsync("pong"u8.ToArray());
            await client.Journal.AwaitAsync(entry => entry == "read pong", i + 1);
        }
    }

    [Test]
    public void Fast_open_is_set_on_the_socket_and_only_where_it_is_asked_for([Values] bool isAsked)
    {
        var sockets = new OutgoingSockets(new SocketSettings(), new DialOptions { FastOpen = isAsked });
        int fd = sockets.Open(SocketAbi.AF_INET, 0);
        Assert.That(fd, Is.Positive);
        try
        {
            Assert.That(
                Gain.Sockets.SocketOptions.GetInt(
                    fd, SocketAbi.IPPROTO_TCP, SocketAbi.TCP_FASTOPEN_CONNECT, out int value),
                Is.Zero);
            Assert.That(value, Is.EqualTo(isAsked ? 1 : 0));
        }
        finally
        {
            Libc.Close(fd);
        }
    }

    // In the middle, where few are; which are free is found out by connecting.
    internal static PortRange RangeOfTwo()
    {
        string[] ends = File.ReadAllText(SystemRangePath)
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        int first = (int.Parse(ends[0], null) + int.Parse(ends[1], null)) / 2;
        var range = new PortRange((ushort)first, (ushort)(first + 1));
        try
        {
            LocalPorts.Check(range);
        }
        catch (GainException refused) when (refused.Message.Contains("Linux 6.3", StringComparison.Ordinal))
        {
            Assert.Ignore(refused.Message);
        }

        return range;
    }

    private static void AssertRefused(DialOptions options, string what) => Assert.That(
        () => GainServer.Listen(new EchoProtocol(), "tcp://127.0.0.1:0").Dial(new EchoProtocol(), options),
        Throws.TypeOf<GainException>().With.Message.StartsWith($"DialOptions.{what}, but must be "));
}
