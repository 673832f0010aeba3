using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gain.Tests.Server;

/// <summary>Servers that listen on several addresses with one protocol.</summary>
public class SeveralListenersTests(GainRing ring) : ServerTest(ring)
{
    private const string AnyPort = "tcp://127.0.0.1:0";

    private TempSockets _sockets = null!;

    [SetUp]
    public void MakeDirectory() => _sockets = new TempSockets();

    [TearDown]
    public void RemoveDirectory() => _sockets.Dispose();

    [TestCase(1)]
    [TestCase(3)]
    public async Task Every_address_is_served_and_told_apart(int workers)
    {
        GainServer server = Start(
            GainServer.Listen(new ListenerNamingProtocol(), AnyPort, _sockets.Address(), AnyPort),
            new GainOptions { WorkerCount = workers });
        Assert.That(server.Addresses, Has.Count.EqualTo(3));
        Assert.That(server.Addresses[1], Is.EqualTo(_sockets.Address()));
        Assert.That(server.EndPoints, Has.Count.EqualTo(2));
        for (int round = 0; round < 4; round++)
        {
            for (int address = 0; address < 3; address++)
            {
                Assert.That(await AskAsync(server, address), Is.EqualTo($"listener {address}"));
            }
        }
    }

    [Test]
    public async Task A_name_with_several_addresses_counts_as_one()
    {
        GainServer server = Start(
            GainServer.Listen(new ListenerNamingProtocol(), "tcp://localhost:0", AnyPort));
        int last = server.Addresses.Count - 1;
        for (int address = 0; address < last; address++)
        {
            Assert.That(await AskAsync(server, address), Is.EqualTo("listener 0"));
        }

        Assert.That(await AskAsync(server, last), Is.EqualTo("listener 1"));
    }

    [Test]
    public async Task Server_with_one_address_has_one_listener()
    {
        GainServer server = Start(new ListenerNamingProtocol());
        Assert.That(await AskAsync(server, 0), Is.EqualTo("listener 0"));
    }

    [Test]
    public async Task Prototypes_of_one_type_keep_their_own_fields()
    {
        var journal = new Journal();
        GainServer server = Start(GainServer
            .Listen(new StartedProtocol(journal, "first"), AnyPort, AnyPort)
            .Listen(new StartedProtocol(journal, "second"), _sockets.Address())
            .Listen(new StartedProtocol(journal, "third"), new IPEndPoint(IPAddress.Loopback, 0)));

        // Once for each instance, before anyone is let in, and what it stores there is in every copy.
        Assert.That(journal.Entries, Is.EqualTo(["start first", "start second", "start third"]));
        string[] expected = ["first started", "first started", "second started", "third started"];
        for (int address = 0; address < expected.Length; address++)
        {
            Assert.That(await AskAsync(server, address), Is.EqualTo(expected[address]));
        }
    }

    [Test]
    public async Task Adding_an_address_leaves_the_builder_as_it_was()
    {
        GainServerBuilder<ListenerNamingProtocol> one =
            GainServer.Listen(new ListenerNamingProtocol(), AnyPort);
        GainServerBuilder<ListenerNamingProtocol> two = one.Listen(new ListenerNamingProtocol(), AnyPort);
        GainServer[] servers = [Start(one), Start(two), Start(two)];
        Assert.That(servers.Select(server => server.Addresses.Count), Is.EqualTo([1, 2, 2]));
        Assert.That(await AskAsync(servers[2], 1), Is.EqualTo("listener 1"));
    }

    [Test]
    public void When_the_last_address_is_taken_nothing_stays_open()
    {
        using var rival = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        rival.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        rival.Listen();
        string taken = $"tcp://{rival.LocalEndPoint}";
        string[] before = OpenSockets.List();
        var refused = Assert.Throws<GainException>(() => Start(
            GainServer.Listen(new EchoProtocol(), AnyPort, _sockets.Address(), taken),
            new GainOptions { WorkerCount = 2 }));
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.AddressInUse));
        Assert.That(refused.Message, Does.StartWith($"Cannot listen on {taken} "));
        Assert.That(refused.Message, Does.Not.Contain("This server itself"));
        Assert.That(OpenSockets.List(), Is.EqualTo(before));
        Assert.That(_sockets.Names(), Is.Empty);
    }

    [Test]
    public void When_the_first_prototype_does_not_start_nothing_stays_open()
    {
        string[] before = OpenSockets.List();
        Assert.Throws<InvalidOperationException>(() => Start(
            GainServer.Listen(new FailingStart(), AnyPort).Listen(new FailingStart(), _sockets.Address())));
        Assert.That(OpenSockets.List(), Is.EqualTo(before));
        Assert.That(_sockets.Names(), Is.Empty);
    }

    [Test]
    public void An_address_given_twice_is_refused()
    {
        var refused = Assert.Throws<GainException>(() => GainServer
            .Listen(new EchoProtocol(), "tcp://127.0.0.1:9000", AnyPort)
            .Listen(new EchoProtocol(), new IPEndPoint(IPAddress.Loopback, 9000)));
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.AddressInUse));
        Assert.That(refused.Message, Does.StartWith("A server was given tcp://127.0.0.1:9000 2 times"));
        Assert.That(
            () => GainServer.Listen(new EchoProtocol(), "unix://@x", "unix://@x"),
            Throws.TypeOf<GainException>().With.Message.StartsWith("A server was given unix://@x 2 times"));
    }

    [Test]
    public void An_address_within_another_is_refused_and_both_are_named()
    {
        using var free = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        free.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)free.LocalEndPoint!).Port;
        free.Dispose();
        string[] before = OpenSockets.List();
        var refused = Assert.Throws<GainException>(() => Start(
            GainServer.Listen(new EchoProtocol(), $"tcp4://:{port}", $"tcp://127.0.0.1:{port}")));
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.AddressInUse));
        Assert.That(refused.Message, Does.StartWith($"Cannot listen on tcp://127.0.0.1:{port} "));
        Assert.That(
            refused.Message,
            Does.Contain($"This server itself is to listen on tcp://0.0.0.0:{port} as well"));
        Assert.That(OpenSockets.List(), Is.EqualTo(before));
    }

    [Test]
    public void A_malformed_address_is_named_where_it_is_given()
    {
        GainServerBuilder<EchoProtocol> builder = GainServer.Listen(new EchoProtocol(), AnyPort);
        var refused = Assert.Throws<GainException>(
            () => builder.Listen(new EchoProtocol(), AnyPort, "tcp://127.0.0.1"));
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.AddressInvalid));
        Assert.That(refused.Message, Does.Contain("\"tcp://127.0.0.1\""));
        Assert.Throws<ArgumentNullException>(() => builder.Listen(new EchoProtocol(), (string)null!));
        Assert.Throws<ArgumentNullException>(() => builder.Listen(new EchoProtocol(), (IPEndPoint)null!));
    }

    [Test]
    public void Too_many_addresses_are_refused()
    {
        string[] names = [.. Enumerable.Range(0, 257).Select(i => $"unix://@gain-test-{i}")];
        var refused = Assert.Throws<GainException>(
            () => GainServer.Listen(new EchoProtocol(), names[0], names[1..]));
        Assert.That(refused.Message, Does.StartWith("A server was given 257 addresses"));
    }

    [Test]
    public async Task The_last_of_as_many_addresses_as_there_may_be_is_told_apart()
    {
        string[] paths = [.. Enumerable.Range(0, 256).Select(i => _sockets.Address($"{i}.sock"))];
        GainServer server = Start(
            GainServer.Listen(new ListenerNamingProtocol(), paths[0], paths[1..]),
            new GainOptions { WorkerCount = 1 });
        Assert.That(await AskAsync(server, 255), Is.EqualTo("listener 255"));
        Assert.That(await AskAsync(server, 128), Is.EqualTo("listener 128"));
    }

    [Test]
    public async Task Limits_hold_for_all_addresses_together()
    {
        GainServer server = Start(
            GainServer.Listen(new ListenerNamingProtocol(), AnyPort, _sockets.Address()),
            new GainOptions { Limits = { MaxConnections = 1 }, WorkerCount = 1 });
        using Socket first = await Clients.ConnectAsync(server, 0);
        await Clients.ReceiveExactlyAsync(first, "listener 0".Length);
        using Socket second = await Clients.ConnectAsync(server, 1);
        Assert.That(await Clients.ReceiveToEndAsync(second), Is.Empty);
        Assert.That(server.Statistics.RefusedByLimit, Is.EqualTo(1));
    }

    [Test]
    public async Task Who_waits_for_room_keeps_the_address_that_it_came_in_by()
    {
        GainServer server = Start(
            GainServer.Listen(new ListenerNamingProtocol(), AnyPort, _sockets.Address(), AnyPort),
            new GainOptions
            {
                Limits = { MaxConnections = 1 },
                WorkerCount = 1,
                Accepting = { AtConnectionLimit = ConnectionLimitPolicy.StopAccepting },
            });
        Socket current = await Clients.ConnectAsync(server, 0);
        await AssertAnswerAsync(current, "listener 0");
        foreach (int address in new[] { 2, 1, 0 })
        {
            Socket next = await Clients.ConnectAsync(server, address);
            current.Dispose();
            await AssertAnswerAsync(next, $"listener {address}");
            current = next;
        }

        current.Dispose();
    }

    [Test]
    public async Task Stop_closes_every_address()
    {
        GainServer server = Start(
            GainServer.Listen(new ListenerNamingProtocol(), AnyPort, _sockets.Address()),
            new GainOptions { WorkerCount = 2, Timeouts = { Linger = ShortLinger } });
        using Socket first = await Clients.ConnectAsync(server, 0);
        using Socket second = await Clients.ConnectAsync(server, 1);
        await AssertAnswerAsync(first, "listener 0");
        await AssertAnswerAsync(second, "listener 1");
        await server.StopAsync().WaitAsync(Clients.Patience);
        Assert.That(await Clients.ReceiveToEndAsync(first), Is.Empty);
        Assert.That(await Clients.ReceiveToEndAsync(second), Is.Empty);
        Assert.That(_sockets.Names(), Is.Empty);
        Assert.ThrowsAsync<SocketException>(() => Clients.ConnectAsync(server, 0));

        // All of it is free again.
        GainServer next = Start(GainServer.Listen(
            new ListenerNamingProtocol(), server.Addresses[0], server.Addresses[1]));
        Assert.That(next.Addresses, Is.EqualTo(server.Addresses));
    }

    private static async Task<string> AskAsync(GainServer server, int address)
    {
        using Socket client = await Clients.ConnectAsync(server, address);
        client.Shutdown(SocketShutdown.Send);
        return Encoding.ASCII.GetString(await Clients.ReceiveToEndAsync(client));
    }

    private static async Task AssertAnswerAsync(Socket client, string expected) => Assert.That(
        Encoding.ASCII.GetString(await Clients.ReceiveExactlyAsync(client, expected.Length)),
        Is.EqualTo(expected));
}

/// <summary>Says which listener a connection came in by.</summary>
[GainProtocol]
internal partial struct ListenerNamingProtocol
{
    private static void OnAccept(Connection connection) =>
        connection.Send(Encoding.ASCII.GetBytes($"listener {connection.ListenerIndex}"));
}

/// <summary>Says what it is called, and that it was started.</summary>
[GainProtocol]
internal partial struct StartedProtocol(Journal journal, string name)
{
    private string _state = "new";

    private void OnStart()
    {
        journal.Add($"start {name}");
        _state = "started";
    }

    private readonly void OnAccept(Connection connection) =>
        connection.Send(Encoding.ASCII.GetBytes($"{name} {_state}"));
}
