using System.Net.Sockets;
using System.Text;

namespace Gain.Tests.Server;

/// <summary>Connections of addresses that were added are told apart by the tags of these.</summary>
public class ListenerTagTests(GainRing ring) : ServerTest(ring)
{
    private const string AnyPort = "tcp://127.0.0.1:0";

    [Test]
    public async Task Each_address_that_is_added_has_its_tag_and_those_of_the_start_have_none(
        [Values] GainArchitecture architecture)
    {
        using var sockets = new Sockets();
        GainServer server = Start(
            GainServer.Listen(new TagNamingProtocol(), AnyPort, AnyPort),
            new GainOptions { WorkerCount = 2, Architecture = architecture });
        string like = server.Addresses[1];
        (string Address, string Wanted)[] all =
        [
            (server.Addresses[0], "0 0"),
            (like, "1 0"),
            (server.AddListener(AnyPort, like, tag: 255)[0], "1 255"),
            ((await server.AddListenerAsync(AnyPort, tag: 7))[0], "0 7"),
            (server.AddListener(sockets.Files.Address(), like: like, tag: 7)[0], "1 7"),
            (server.AddListener(AnyPort)[0], "0 0"),
        ];
        for (int round = 0; round < 4; round++)
        {
            foreach ((string address, string wanted) in all)
            {
                Assert.That(await sockets.AskAsync(address), Is.EqualTo(wanted));
            }
        }
    }

    [Test]
    public async Task Tag_goes_with_a_connection_that_is_handed_over_and_with_one_that_waits_for_room()
    {
        using var sockets = new Sockets();
        GainServer server = Start(
            new TagNamingProtocol(),
            new GainOptions
            {
                WorkerCount = 2,
                HandOverExcess = 1,
                Limits = { MaxConnections = 16 },
                Accepting = { AtConnectionLimit = ConnectionLimitPolicy.StopAccepting },
            });
        string one = server.AddListener(AnyPort, tag: 1)[0];
        string other = server.AddListener(AnyPort, tag: 2)[0];
        for (int i = 0; i < 8; i++)
        {
            Assert.That(await sockets.AskAsync(one), Is.EqualTo("0 1"));
            Assert.That(await sockets.AskAsync(other), Is.EqualTo("0 2"));
        }

        // By chance alone neither worker would ever be ahead.
        Assert.That(server.Statistics.HandedOver, Is.Positive);

        // Those that a worker has accepted before it knew of the limit wait in it, the others in the queue.
        var waiting = new List<Socket>();
        for (int i = 0; i < 8; i++)
        {
            waiting.Add(await sockets.ConnectAsync(i % 2 == 0 ? one : other));
        }

        sockets.CloseSome(16);
        for (int i = 0; i < 8; i++)
        {
            Assert.That(await Sockets.AskAgainAsync(waiting[i]), Is.EqualTo(i % 2 == 0 ? "0 1" : "0 2"));
        }
    }

    [Test]
    public async Task Tag_goes_with_a_connection_whose_balancer_speaks_first()
    {
        using var sockets = new Sockets();
        GainServer server = Start(GainServer
            .Listen(new TagNamingProtocol(), AnyPort)
            .UseProxyProtocol(new ProxyProtocolOptions { TrustedNetworks = { "127.0.0.1" } }));
        string added = server.AddListener(AnyPort, tag: 9)[0];
        Assert.That(
            await sockets.AskAsync(added, "PROXY TCP4 192.0.2.1 192.0.2.2 1000 80\r\n"), Is.EqualTo("0 9"));
        Assert.That(
            await sockets.AskAsync(server.Addresses[0], "PROXY UNKNOWN\r\n"), Is.EqualTo("0 0"));
    }

    [Test]
    public async Task Tag_stays_with_a_connection_whose_address_was_stopped_and_is_anothers_from_then_on()
    {
        using var sockets = new Sockets();
        GainServer server = Start(new TagNamingProtocol(), new GainOptions { WorkerCount = 1 });
        string first = server.AddListener(AnyPort, tag: 3)[0];
        using Socket kept = await sockets.ConnectAsync(first);
        Assert.That(await Sockets.AskAgainAsync(kept), Is.EqualTo("0 3"));
        await server.StopListeningAsync(first).WaitAsync(Clients.Patience);
        Assert.That(server.AddListener(first, tag: 4), Is.EqualTo([first]));
        Assert.That(await sockets.AskAsync(first), Is.EqualTo("0 4"));
        Assert.That(await Sockets.AskAgainAsync(kept), Is.EqualTo("0 3"));
    }

    /// <summary>Clients, which are closed with the test, and files of Unix sockets.</summary>
    private sealed class Sockets : IDisposable
    {
        private readonly List<Socket> _open = [];

        public TempSockets Files { get; } = new();

        public async Task<Socket> ConnectAsync(string address)
        {
            Socket client = await ListenerChangeTests.ConnectAsync(address);
            lock (_open)
            {
                _open.Add(client);
            }

            return client;
        }

        /// <summary>Connects, and stays.</summary>
        public async Task<string> AskAsync(string address, string before = "")
        {
            Socket client = await ConnectAsync(address);
            await Clients.SendAllAsync(client, Encoding.ASCII.GetBytes(before));
            return await AskAgainAsync(client);
        }

        public static async Task<string> AskAgainAsync(Socket client)
        {
            await Clients.SendAllAsync(client, "?"u8.ToArray());
            string answer = "";
            while (!answer.EndsWith('\n'))
            {
                answer += Encoding.ASCII.GetString(await Clients.ReceiveExactlyAsync(client, 1));
            }

            return answer.TrimEnd();
        }

        public void CloseSome(int count)
        {
            lock (_open)
            {
                _open[..count].ForEach(client => client.Dispose());
            }
        }

        public void Dispose()
        {
            _open.ForEach(client => client.Dispose());
            Files.Dispose();
        }
    }
}

/// <summary>Says by which address a connection came in.</summary>
[GainProtocol]
internal partial struct TagNamingProtocol
{
    private static void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        Span<byte> line = connection.GetSpan(16);
        System.Text.Unicode.Utf8.TryWrite(
            line, $"{connection.ListenerIndex} {connection.ListenerTag}\n", out int length);
        connection.Advance(length);
    }
}
