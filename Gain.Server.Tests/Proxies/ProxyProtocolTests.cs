using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Gain.Tests.Server.Proxies;

/// <summary>Listeners behind load balancers, over real sockets.</summary>
public class ProxyProtocolTests(GainRing ring) : ServerTest(ring)
{
    private const string Client = "192.0.2.1:56324";

    private static readonly byte[] s_header =
        ProxySamples.Right.Single(one => one.Name == "v2 TCP4").Bytes;

    private static readonly GainArchitecture[] s_architectures =
        [GainArchitecture.Sharding, GainArchitecture.Reactor];

    private static IEnumerable<TestCaseData> Right => ProxySamples.Right
        .Select(one => new TestCaseData(one.Bytes, one.Says).SetArgDisplayNames(one.Name));

    private Journal _journal = new();
    private RecordingLogger _logger = new();

    [SetUp]
    public void Begin()
    {
        _journal = new Journal();
        _logger = new RecordingLogger { Least = LogLevel.Information };
    }

    private static ProxyProtocolOptions Trusting() => new() { TrustedNetworks = { "127.0.0.0/8" } };

    private GainServer Serve(
        ProxyProtocolOptions? proxies = null,
        GainOptions? options = null,
        string address = "tcp://127.0.0.1:0")
    {
        options ??= new GainOptions();
        options.WorkerCount = options.Architecture == GainArchitecture.Reactor ? 2 : 1;
        options.Logger = _logger;
        options.Timeouts.Linger = ShortLinger;
        return Start(
            GainServer.Listen(new ClientTeller(_journal), address).UseProxyProtocol(proxies ?? Trusting()),
            options);
    }

    private int Count(string callback) =>
        _journal.Entries.Count(one => one.StartsWith(callback, StringComparison.Ordinal));

    private static async Task<string> AskAsync(Socket client, int length)
    {
        await Clients.SendAllAsync(client, "hello"u8.ToArray());
        return Encoding.ASCII.GetString(await Clients.ReceiveExactlyAsync(client, length));
    }

    [TestCaseSource(nameof(Right))]
    public async Task Handler_is_told_what_the_header_says(byte[] header, string says)
    {
        GainServer server = Serve();
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, (byte[])[.. header, .. "hello"u8]);
        string wanted = says == "local" ? $"{client.LocalEndPoint}" : says.Split(" > ")[0];
        byte[] answer = await Clients.ReceiveExactlyAsync(client, wanted.Length + 1);
        Assert.That(Encoding.ASCII.GetString(answer), Is.EqualTo($"{wanted}\n"));
        client.Shutdown(SocketShutdown.Send);
        string[] entries = await _journal.AwaitAsync(3);
        string version = header[0] == 'P' ? "V1" : "V2";
        Assert.That(entries, Is.EqualTo(new[]
        {
            $"accept {version} {says}", "read hello", $"close PeerClosed {version} {says}",
        }));
        Assert.That(server.Statistics.RejectedProxyHeaders, Is.Zero);
    }

    [TestCaseSource(nameof(s_architectures))]
    public async Task Header_may_come_in_any_pieces(GainArchitecture architecture)
    {
        GainServer server = Serve(options: new GainOptions { Architecture = architecture });
        for (int cut = 1; cut < s_header.Length + 5; cut += 3)
        {
            byte[] all = [.. s_header, .. "hello"u8];
            using Socket client = await Clients.ConnectAsync(server);
            client.NoDelay = true;
            for (int at = 0; at < all.Length; at += cut)
            {
                await Clients.SendAllAsync(client, all.AsMemory(at, Math.Min(cut, all.Length - at)));
            }

            byte[] answer = await Clients.ReceiveExactlyAsync(client, Client.Length + 1);
            Assert.That(Encoding.ASCII.GetString(answer), Is.EqualTo($"{Client}\n"));
        }
    }

    [TestCase("GET / HTTP/1.1\r\n", "it begins with something else")]
    [TestCase("PROXY TCP4 1 2 3 4\r\n", "it violates the protocol")]
    public async Task Connection_without_a_right_header_ends_before_its_handler_knows(
        string text, string reason)
    {
        GainServer server = Serve();
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, ProxySamples.Text(text));
        await AwaitEndAsync(client);
        string[] messages = await _logger.Messages.AwaitAsync(one => one.Contains("PROXY header"), 1);
        Assert.That(messages, Has.Some.Contains($"of {client.LocalEndPoint}").And.Some.Contains(reason));
        GainStatistics statistics = await AwaitAllClosedAsync(server);
        Assert.That((statistics.RejectedProxyHeaders, statistics.FailedHandshakes), Is.EqualTo((1, 0)));
        Assert.That(_journal.Entries, Is.Empty);
    }

    private static async Task AwaitEndAsync(Socket client)
    {
        try
        {
            int read = await client.ReceiveAsync(new byte[16]).WaitAsync(Clients.Patience);
            Assert.That(read, Is.Zero);
        }
        catch (SocketException fault)
        {
            Assert.That(fault.SocketErrorCode, Is.EqualTo(SocketError.ConnectionReset));
        }
    }

    [Test]
    public async Task Header_that_does_not_come_in_time_ends_the_connection()
    {
        ProxyProtocolOptions options = Trusting();
        options.HeaderTimeout = TimeSpan.FromMilliseconds(50);
        GainServer server = Serve(options);
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, s_header.AsMemory(0, 20));
        await AwaitEndAsync(client);
        await _logger.Messages.AwaitAsync(one => one.Contains("did not come in time"), 1);
        Assert.That((await AwaitAllClosedAsync(server)).RejectedProxyHeaders, Is.EqualTo(1));
    }

    [Test]
    public async Task Time_for_the_first_byte_begins_behind_the_header()
    {
        GainServer server = Serve(options: new GainOptions
        {
            Timeouts = { FirstByte = TimeSpan.FromMilliseconds(100) },
        });
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, s_header);
        string[] entries = await _journal.AwaitAsync(2);
        Assert.That(entries[1], Does.StartWith("close FirstByteTimeout"));
    }

    [Test]
    public async Task Check_of_a_balancer_that_sends_nothing_is_nothing_to_speak_of()
    {
        GainServer server = Serve();
        using (Socket check = await Clients.ConnectAsync(server))
        {
            check.Shutdown(SocketShutdown.Send);
            Assert.That(await Clients.ReceiveToEndAsync(check), Is.Empty);
        }

        GainStatistics statistics = await AwaitAllClosedAsync(server);
        Assert.That((statistics.Accepted, statistics.RejectedProxyHeaders), Is.EqualTo((1, 0)));
        Assert.That(_logger.Messages.Entries, Has.None.Contains("PROXY"));
        Assert.That(_journal.Entries, Is.Empty);
    }

    [Test]
    public async Task Connection_that_ends_within_its_header_is_counted()
    {
        GainServer server = Serve();
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, s_header.AsMemory(0, 20));
        client.Shutdown(SocketShutdown.Send);
        await AwaitEndAsync(client);
        Assert.That((await AwaitAllClosedAsync(server)).RejectedProxyHeaders, Is.EqualTo(1));
    }

    [Test]
    public async Task Whoever_is_not_trusted_is_closed_at_the_accept()
    {
        GainServer server = Serve(new ProxyProtocolOptions { TrustedNetworks = { "192.0.2.0/24" } });
        using Socket client = await Clients.ConnectAsync(server);
        await AwaitEndAsync(client);
        GainStatistics statistics = await AwaitAllClosedAsync(server);
        Assert.That((statistics.Accepted, statistics.RefusedByFilter), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task Whoever_is_not_trusted_can_be_served_and_their_header_is_data()
    {
        GainServer server = Serve(new ProxyProtocolOptions
        {
            TrustedNetworks = { "192.0.2.0/24" }, AcceptsDirectClients = true,
        });
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n"u8.ToArray());
        string wanted = $"{client.LocalEndPoint}\n";
        byte[] answer = await Clients.ReceiveExactlyAsync(client, wanted.Length);
        Assert.That(Encoding.ASCII.GetString(answer), Is.EqualTo(wanted));
        Assert.That(_journal.Entries, Does.Contain("accept direct").And.Contain(
            "read PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n"));
    }

    [TestCaseSource(nameof(s_architectures))]
    public async Task Limit_per_address_is_the_clients_and_not_the_balancers(GainArchitecture architecture)
    {
        GainServer server = Serve(options: new GainOptions
        {
            Architecture = architecture,
            Limits = { MaxConnectionsPerAddress = 2 },
            Accepting = { Farewell = "too many\n" },
            Timeouts = { Linger = ShortLinger },
        });
        var clients = new List<Socket>();
        for (byte last = 1; last <= 3; last++)
        {
            for (int i = 0; i < 2; i++)
            {
                clients.Add(await ConnectAsync(server, last));
                string said = await AskAsync(clients[^1], "192.0.2.1:1\n".Length);
                Assert.That(said, Is.EqualTo($"192.0.2.{last}:1\n"));
            }
        }

        using (Socket refused = await ConnectAsync(server, 1))
        {
            byte[] farewell = await Clients.ReceiveToEndAsync(refused);
            Assert.That(Encoding.ASCII.GetString(farewell), Is.EqualTo("too many\n"));
        }

        clients[0].Dispose();
        await _journal.AwaitAsync(one => one.StartsWith("close", StringComparison.Ordinal), 1);
        Assert.That(server.Statistics.RefusedByAddressLimit, Is.EqualTo(1));

        // The place is free a little later than the handler knows.
        while (true)
        {
            using Socket again = await ConnectAsync(server, 1);
            await Clients.SendAllAsync(again, "hello"u8.ToArray());
            byte[] answer = await Clients.ReceiveExactlyAsync(again, "too many\n".Length);
            if (answer[0] == '1')
            {
                break;
            }
        }

        clients.ForEach(client => client.Dispose());
        await AwaitAllClosedAsync(server);
    }

    private static async Task<Socket> ConnectAsync(GainServer server, byte last)
    {
        Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(
            client, ProxySamples.Hex($"21 11 000C C00002{last:X2} C6336409 0001 01BB"));
        return client;
    }

    [Test]
    public async Task Networks_are_those_of_clients()
    {
        GainServer server = Serve(options: new GainOptions
        {
            Accepting = { DeniedNetworks = { "127.0.0.0/8", "192.0.2.7" } },
        });
        using Socket good = await ConnectAsync(server, 6);
        Assert.That(await AskAsync(good, "192.0.2.6:1\n".Length), Is.EqualTo("192.0.2.6:1\n"));
        using Socket bad = await ConnectAsync(server, 7);
        await AwaitEndAsync(bad);
        good.Dispose();
        GainStatistics statistics = await AwaitAllClosedAsync(server);
        Assert.That((statistics.Accepted, statistics.RefusedByFilter), Is.EqualTo((2, 1)));
        Assert.That(Count("accept"), Is.EqualTo(1));
    }

    [Test]
    public async Task Unix_socket_is_behind_a_balancer_too()
    {
        const string Path = "@gain-proxy-protocol-test";
        GainServer server = Serve(address: $"unix://{Path}");
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, s_header);
        Assert.That(await AskAsync(client, Client.Length + 1), Is.EqualTo($"{Client}\n"));
    }

    [TestCaseSource(nameof(s_architectures))]
    public async Task Stop_does_not_wait_for_headers(GainArchitecture architecture)
    {
        GainServer server = Serve(options: new GainOptions { Architecture = architecture });
        using Socket silent = await Clients.ConnectAsync(server);
        using Socket half = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(half, s_header.AsMemory(0, 20));
        using Socket whole = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(whole, s_header);
        Assert.That(await AskAsync(whole, Client.Length + 1), Is.EqualTo($"{Client}\n"));
        await server.StopAsync(TimeSpan.FromMinutes(5)).WaitAsync(Clients.Patience);
        await AwaitEndAsync(silent);
        await AwaitEndAsync(half);
        Assert.That(Count("close"), Is.EqualTo(1));
    }

    [TestCase(ProxyVersion.V1)]
    [TestCase(ProxyVersion.V2)]
    public async Task Connection_that_is_dialled_tells_for_whom(ProxyVersion version)
    {
        GainServer backend = Serve();
        DialTarget target = DialTarget.FromIPEndPoint(backend.EndPoints[0]);
        GainServer front = Start(
            GainServer.Listen(new Balancer(target, version), "tcp://127.0.0.1:0").Dial(new Backend()));
        using Socket client = await Clients.ConnectAsync(front);
        string wanted = $"{client.LocalEndPoint}\n";
        Assert.That(await AskAsync(client, wanted.Length), Is.EqualTo(wanted));
        Assert.That(
            _journal.Entries[0],
            Is.EqualTo($"accept {version} {client.LocalEndPoint} > {client.RemoteEndPoint}"));
    }

    [Test]
    public async Task Next_connection_in_the_slot_knows_nothing_of_the_one_before()
    {
        GainServer server = Serve(options: new GainOptions { Limits = { MaxConnections = 1 } });
        using (Socket first = await Clients.ConnectAsync(server))
        {
            await Clients.SendAllAsync(first, ProxySamples.Hex(
                "21 11 0012 C0000201 C6336409 DC04 01BB 02 0003 616263"));
            await _journal.AwaitAsync(1);
        }

        await AwaitAllClosedAsync(server);
        while (server.ConnectionsPerWorker[0] != 0)
        {
            await Task.Yield();
        }

        using Socket second = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(second, ProxySamples.Hex("20 00 0000"));
        string[] entries = await _journal.AwaitAsync(3);
        Assert.That(entries, Is.EqualTo(new[]
        {
            $"accept V2 {Client} > 198.51.100.9:443 abc",
            $"close PeerClosed V2 {Client} > 198.51.100.9:443 abc",
            "accept V2 local",
        }));
    }

    [Test]
    public void Options_that_cannot_be_are_refused_with_what_may_be()
    {
        void Refused(ProxyProtocolOptions options, string text) => Assert.That(
            () => GainServer.Listen(new EchoProtocol(), "tcp://127.0.0.1:0").UseProxyProtocol(options),
            Throws.InstanceOf<GainException>().With.Message.Contains(text));

        Refused(new ProxyProtocolOptions(), "ProxyProtocolOptions.TrustedNetworks is empty");
        Refused(
            new ProxyProtocolOptions { TrustedNetworks = { "10.0.0.1/8" } },
            "ProxyProtocolOptions.TrustedNetworks[0] is \"10.0.0.1/8\"");
        ProxyProtocolOptions options = Trusting();
        options.HeaderTimeout = TimeSpan.Zero;
        Refused(options, "ProxyProtocolOptions.HeaderTimeout is 00:00:00");
        options = Trusting();
        options.MaxHeaderBytes = 231;
        Refused(options, "ProxyProtocolOptions.MaxHeaderBytes is 231, but must be 232 to 65,551");
        Assert.That(
            () => GainServer.Listen(new EchoProtocol(), "tcp://127.0.0.1:0")
                .UseProxyProtocol(Trusting()).UseProxyProtocol(Trusting()),
            Throws.InstanceOf<GainException>().With.Message.Contains("has no tcp://, tls:// or unix://"));
    }
}
