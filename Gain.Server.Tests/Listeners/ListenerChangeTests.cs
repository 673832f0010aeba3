using System.Net;
using System.Net.Sockets;
using System.Text;
using Gain.Tests.Server.Overload;

namespace Gain.Tests.Server;

/// <summary>Addresses that are added to a server that runs, and stopped.</summary>
public class ListenerChangeTests(GainRing ring) : ServerTest(ring)
{
    private protected const string AnyPort = "tcp://127.0.0.1:0";

    private protected TempSockets _sockets = null!;

    [SetUp]
    public void MakeDirectory() => _sockets = new TempSockets();

    [TearDown]
    public void RemoveDirectory() => _sockets.Dispose();

    [TestCase(1)]
    [TestCase(3)]
    public async Task An_address_that_is_added_is_served_and_one_that_is_stopped_is_free(int workers)
    {
        GainServer server = Start(new EchoProtocol(), new GainOptions { WorkerCount = workers });
        string[] added =
            [.. server.AddListener(AnyPort), .. await server.AddListenerAsync(_sockets.Address())];
        Assert.That(server.Addresses, Is.EqualTo([server.Addresses[0], .. added]));
        Assert.That(server.EndPoints, Has.Count.EqualTo(2));
        var kept = new List<Socket>();
        for (int round = 0; round < 6; round++)
        {
            foreach (string address in added)
            {
                kept.Add(await ConnectAsync(address));
                await EchoAsync(kept[^1]);
            }
        }

        foreach (string address in added)
        {
            await server.StopListeningAsync(address).WaitAsync(Clients.Patience);
            await AssertRefusedAsync(address);
        }

        Assert.That(server.Addresses, Has.Count.EqualTo(1));
        Assert.That(_sockets.Names(), Is.Empty);
        foreach (Socket client in kept)
        {
            await EchoAsync(client);
            client.Dispose();
        }

        // The addresses are free: for this server, and then for others.
        Assert.That(server.AddListener(added[0]), Is.EqualTo([added[0]]));
        await AssertServedAsync(added[0]);
        await server.StopListeningAsync(added[0]).WaitAsync(Clients.Patience);
        GainServer other = Start(GainServer.Listen(new EchoProtocol(), added[0], added[1]));
        await AssertServedAsync(other.Addresses[1]);
        await AssertServedAsync(server.Addresses[0]);
    }

    [Test]
    public async Task A_server_that_listens_nowhere_goes_on_and_can_listen_again()
    {
        GainServer server = Start(new EchoProtocol(), new GainOptions { WorkerCount = 2 });
        string first = server.Addresses[0];
        using Socket kept = await ConnectAsync(first);
        await EchoAsync(kept);
        Task ended = server.StopListeningAsync(first);
        Assert.That(server.Addresses, Is.Empty);
        await ended.WaitAsync(Clients.Patience);
        await AssertRefusedAsync(first);
        await EchoAsync(kept);
        Assert.That(server.IsRunning);

        string again = server.AddListener(AnyPort)[0];
        await AssertServedAsync(again);
    }

    [Test]
    public async Task Addresses_come_and_go_without_end_and_without_a_rest()
    {
        GainServer server = Start(new EchoProtocol(), new GainOptions { WorkerCount = 2 });
        string[] sockets = OpenSockets.List();
        for (int i = 0; i < 600; i++)
        {
            string address = server.AddListener(AnyPort)[0];
            if (i % 50 == 0)
            {
                await AssertServedAsync(address);
            }

            await server.StopListeningAsync(address).WaitAsync(Clients.Patience);
        }

        await AwaitAllClosedAsync(server);
        Assert.That(OpenSockets.List().Except(sockets), Is.Empty);
        await AssertServedAsync(server.Addresses[0]);
    }

    [Test]
    public async Task More_sockets_than_there_are_places_for_are_refused_and_nothing_is_lost()
    {
        GainServer server = Start(new EchoProtocol(), new GainOptions { WorkerCount = 1 });
        for (int i = 0; i < 256; i++)
        {
            server.AddListener(AnyPort);
        }

        string[] sockets = OpenSockets.List();
        var refused = Assert.Throws<GainException>(() => server.AddListener(AnyPort));
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.LimitReached));
        Assert.That(refused.Message, Does.Contain("256"));
        Assert.That(OpenSockets.List().Except(sockets), Is.Empty);
        await server.StopListeningAsync(server.Addresses[100]).WaitAsync(Clients.Patience);
        string last = server.AddListener(AnyPort)[0];
        await AssertServedAsync(last);
        await AssertServedAsync(server.Addresses[255]);
    }

    [Test]
    public async Task Who_waits_in_the_queue_of_a_listener_that_ends_is_served()
    {
        const int Count = 100;
        using var gate = new Gate();
        GainServer server = Start(
            new GatedEcho(gate), new GainOptions { WorkerCount = 1 });
        string address = server.AddListener(AnyPort)[0];
        using Socket first = await ConnectAsync(server.Addresses[0]);
        await Clients.SendAllAsync(first, "gate\n"u8.ToArray());
        await gate.AwaitEnteredAsync(1);
        var waiting = new List<Socket>();
        for (int i = 0; i < Count; i++)
        {
            waiting.Add(await ConnectAsync(address));
            await Clients.SendAllAsync(waiting[^1], "ask\n"u8.ToArray());
        }

        Task ended = server.StopListeningAsync(address);
        gate.Open();
        await ended.WaitAsync(Clients.Patience);
        await AssertRefusedAsync(address);
        foreach (Socket client in waiting)
        {
            Assert.That(await Clients.ReceiveExactlyAsync(client, 4), Is.EqualTo("ask\n"u8.ToArray()));
            client.Dispose();
        }

        await AssertServedAsync(server.Addresses[0]);
    }

    [Test]
    public async Task Who_waits_for_room_at_a_listener_that_ends_is_served_when_there_is_some()
    {
        GainServer server = Start(
            new EchoProtocol(),
            new GainOptions
            {
                WorkerCount = 1,
                Limits = { MaxConnections = 1 },
                Accepting = { AtConnectionLimit = ConnectionLimitPolicy.StopAccepting },
            });
        string address = server.AddListener(AnyPort)[0];
        Socket current = await ConnectAsync(address);
        await EchoAsync(current);
        var waiting = new List<Socket>();
        for (int i = 0; i < 5; i++)
        {
            waiting.Add(await ConnectAsync(address));
        }

        Task ended = server.StopListeningAsync(address);
        foreach (Socket next in waiting)
        {
            current.Dispose();
            await EchoAsync(next);
            current = next;
        }

        current.Dispose();
        await ended.WaitAsync(Clients.Patience);
        await AssertRefusedAsync(address);
        Assert.That(server.Statistics.Refused, Is.Zero);
    }

    [Test]
    public async Task Who_waits_for_its_moment_at_a_listener_that_ends_is_served_at_that_moment()
    {
        GainServer server = Start(
            new EchoProtocol(), new GainOptions { WorkerCount = 1, Accepting = { MaxPerSecond = 50 } });
        string address = server.AddListener(AnyPort)[0];
        var clients = new List<Socket>();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (int i = 0; i < 12; i++)
        {
            clients.Add(await ConnectAsync(address));
        }

        await server.StopListeningAsync(address).WaitAsync(Clients.Patience);
        await AssertRefusedAsync(address);
        foreach (Socket client in clients)
        {
            await EchoAsync(client);
            client.Dispose();
        }

        // The rate goes on to hold: five may come at once, and one each 20 ms after them.
        Assert.That(clock.ElapsedMilliseconds, Is.GreaterThanOrEqualTo(135));
        await AssertServedAsync(server.Addresses[0]);
    }

    [Test]
    public async Task A_stop_of_the_server_ends_what_was_added_and_what_is_ending()
    {
        using var gate = new Gate();
        GainServer server = Start(
            new GatedEcho(gate),
            new GainOptions { WorkerCount = 1, Timeouts = { Linger = ShortLinger } });
        string added = server.AddListener(_sockets.Address())[0];
        string ending = server.AddListener(AnyPort)[0];
        using Socket first = await ConnectAsync(added);
        await Clients.SendAllAsync(first, "gate\n"u8.ToArray());
        await gate.AwaitEnteredAsync(1);
        using Socket waiting = await ConnectAsync(added);
        await Clients.SendAllAsync(waiting, "ask\n"u8.ToArray());
        Task ended = server.StopListeningAsync(ending);
        Task stopped = server.StopAsync(Clients.Patience);
        gate.Open();
        Assert.That(await Clients.ReceiveExactlyAsync(waiting, 4), Is.EqualTo("ask\n"u8.ToArray()));
        waiting.Dispose();
        first.Dispose();
        await stopped.WaitAsync(Clients.Patience);
        await ended.WaitAsync(Clients.Patience);
        await AssertRefusedAsync(ending);
        await AssertRefusedAsync(added);

        var late = Assert.Throws<GainException>(() => server.AddListener(_sockets.Address()));
        Assert.That(late.ErrorCode, Is.EqualTo(GainError.AlreadyStopped));
        await server.StopListeningAsync(added).WaitAsync(Clients.Patience);
    }

    [Test]
    public async Task Addresses_that_come_and_go_while_the_server_stops_leave_nothing_open()
    {
        string[] sockets = OpenSockets.List();
        for (int round = 0; round < 20; round++)
        {
            GainServer server = Start(new EchoProtocol(), new GainOptions { WorkerCount = 2 });
            using var begun = new SemaphoreSlim(0);
            Task changing = Task.Run(async () =>
            {
                try
                {
                    for (int i = 0; ; i++)
                    {
                        string address = server.AddListener(i % 2 == 0 ? AnyPort : _sockets.Address())[0];
                        begun.Release();
                        await server.StopListeningAsync(address);
                    }
                }
                catch (GainException stopped) when (stopped.ErrorCode == GainError.AlreadyStopped)
                {
                    begun.Release();
                }
            });
            Assert.That(await begun.WaitAsync(Clients.Patience));
            for (int i = 0; i < round; i++)
            {
                await begun.WaitAsync(Clients.Patience);
            }

            await server.StopAsync().WaitAsync(Clients.Patience);
            await changing.WaitAsync(Clients.Patience);
            Assert.That(OpenSockets.List().Except(sockets), Is.Empty, $"round {round}");
            Assert.That(_sockets.Names(), Is.Empty, $"round {round}");
        }
    }

    [Test]
    public async Task A_name_with_several_addresses_comes_and_goes_as_one()
    {
        GainServer server = Start(new EchoProtocol(), new GainOptions { WorkerCount = 2 });
        int port = ((IPEndPoint)Reserve(out Socket reserved)).Port;
        reserved.Dispose();
        string name = $"tcp://localhost:{port}";
        IReadOnlyList<string> added = server.AddListener(name);
        foreach (string address in added)
        {
            await AssertServedAsync(address);
        }

        await server.StopListeningAsync(name).WaitAsync(Clients.Patience);
        Assert.That(server.Addresses, Has.Count.EqualTo(1));
        foreach (string address in added)
        {
            await AssertRefusedAsync(address);
        }
    }

    [Test]
    public async Task An_address_is_served_like_the_one_that_is_named()
    {
        GainServer server = Start(GainServer
            .Listen(new ListenerNamingProtocol(), AnyPort)
            .Listen(new StartedProtocol(new Journal(), "second"), _sockets.Address()));
        var refused = Assert.Throws<GainException>(() => server.AddListener(AnyPort));
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.ProtocolMismatch));
        Assert.That(refused.Message, Does.Contain(nameof(ListenerNamingProtocol)).And.Contain("`like`"));

        string second = server.AddListener(AnyPort, like: _sockets.Address())[0];
        Assert.That(await AskAsync(second), Is.EqualTo("second started"));
        string third = server.AddListener(AnyPort, like: server.Addresses[0])[0];
        Assert.That(await AskAsync(third), Is.EqualTo("listener 0"));
        string fourth = server.AddListener(AnyPort, like: second)[0];
        Assert.That(await AskAsync(fourth), Is.EqualTo("second started"));

        // What it is served like may be stopped: the prototype stays.
        await server.StopListeningAsync(_sockets.Address()).WaitAsync(Clients.Patience);
        string again = server.AddListener(_sockets.Address(), like: _sockets.Address())[0];
        Assert.That(await AskAsync(again), Is.EqualTo("second started"));
        string first = server.Addresses[0];
        await server.StopListeningAsync(first).WaitAsync(Clients.Patience);
        Assert.That(await AskAsync(server.AddListener(AnyPort, like: first)[0]), Is.EqualTo("listener 0"));
    }

    [Test]
    public async Task An_address_of_the_start_stands_for_how_the_start_served_it_whatever_is_there_now()
    {
        GainServer server = Start(GainServer
            .Listen(new ListenerNamingProtocol(), AnyPort)
            .Listen(new StartedProtocol(new Journal(), "second"), _sockets.Address()));
        string first = server.Addresses[0];
        await server.StopListeningAsync(first).WaitAsync(Clients.Patience);
        server.AddListener(first, like: _sockets.Address());
        Assert.That(await AskAsync(first), Is.EqualTo("second started"));
        Assert.That(await AskAsync(server.AddListener(AnyPort, like: first)[0]), Is.EqualTo("listener 0"));
        string given = _sockets.Address();
        await server.StopListeningAsync(given).WaitAsync(Clients.Patience);
        server.AddListener(given, like: first);
        Assert.That(await AskAsync(given), Is.EqualTo("listener 0"));
        Assert.That(
            await AskAsync(server.AddListener(AnyPort, like: given)[0]), Is.EqualTo("second started"));
    }

    [Test]
    public async Task What_cannot_be_listened_on_is_refused_and_changes_nothing()
    {
        GainServer server = Start(new EchoProtocol(), new GainOptions { WorkerCount = 2 });
        string own = server.Addresses[0];
        using var rival = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        rival.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        rival.Listen();
        string taken = $"tcp://{rival.LocalEndPoint}";
        string[] sockets = OpenSockets.List();
        AssertRefused(() => server.AddListener(own), GainError.AddressInUse, "this server does already");
        AssertRefused(() => server.AddListener(taken), GainError.AddressInUse, taken);
        AssertRefused(() => server.AddListener("tcp://nonsense"), GainError.AddressInvalid, "nonsense");
        AssertRefused(
            () => server.AddListener("udp://127.0.0.1:0"), GainError.AddressUnsupported, "datagrams");
        AssertRefused(() => server.AddListener("systemd:"), GainError.AddressUnsupported, "systemd");
        AssertRefused(() => server.AddListener("tls://127.0.0.1:0"), GainError.ProtocolMismatch, "TLS");
        AssertRefused(
            () => server.AddListener("tls://127.0.0.1:0", own), GainError.ProtocolMismatch, "it has no TLS");
        AssertRefused(
            () => server.AddListener(AnyPort, taken), GainError.AddressNotFound, $"{taken}, but on {own}");
        AssertRefused(
            () => _ = server.StopListeningAsync(taken), GainError.AddressNotFound, $"{taken}, but on {own}");
        Assert.That(OpenSockets.List().Except(sockets), Is.Empty);
        Assert.That(server.Addresses, Is.EqualTo([own]));
        await AssertServedAsync(own);
    }

    [Test]
    public async Task Sockets_of_datagrams_keep_their_numbers_and_stay()
    {
        GainServer server = Start(GainServer.Listen(new BothProtocol(), AnyPort, "udp://127.0.0.1:0"));
        AssertRefused(
            () => _ = server.StopListeningAsync(server.Addresses[1]),
            GainError.AddressUnsupported,
            "datagrams");
        DatagramHandle before = server.GetDatagramHandle(address: 1);
        await server.StopListeningAsync(server.Addresses[0]).WaitAsync(Clients.Patience);
        Assert.That(server.Addresses, Has.Count.EqualTo(1));
        Assert.That(server.GetDatagramHandle(address: 0), Is.EqualTo(before));
        string added = server.AddListener(AnyPort)[0];
        await AssertServedAsync(added);
        Assert.Throws<InvalidOperationException>(() => server.GetDatagramHandle(address: 1));
    }

    [Test]
    public async Task A_callback_may_add_and_stop_and_is_not_held()
    {
        var journal = new Journal();
        GainServer server = Start(new SelfListening(journal), new GainOptions { WorkerCount = 1 });
        await AssertServedAsync(server.Addresses[0]);
        string added = (await journal.AwaitAsync(2))[0];
        await AssertServedAsync(added);
        using Socket client = await ConnectAsync(server.Addresses[0]);
        await Clients.SendAllAsync(client, "s"u8.ToArray());
        Assert.That(await Clients.ReceiveExactlyAsync(client, 1), Is.EqualTo("s"u8.ToArray()));
        Assert.That((await journal.AwaitAsync(3))[2], Is.EqualTo("stop ended"));
        Assert.That(server.Addresses, Has.Count.EqualTo(1));
    }

    private protected static async Task AssertServedAsync(string address)
    {
        using Socket client = await ConnectAsync(address);
        await EchoAsync(client);
    }

    private protected static async Task EchoAsync(Socket client)
    {
        await Clients.SendAllAsync(client, "ping\n"u8.ToArray());
        Assert.That(await Clients.ReceiveExactlyAsync(client, 5), Is.EqualTo("ping\n"u8.ToArray()));
    }

    private static void AssertRefused(TestDelegate act, GainError code, string text)
    {
        var refused = Assert.Throws<GainException>(act)!;
        Assert.That(refused.Message, Does.Contain(text));
        Assert.That(refused.ErrorCode, Is.EqualTo(code), refused.Message);
    }

    private static async Task<string> AskAsync(string address)
    {
        using Socket client = await ConnectAsync(address);
        client.Shutdown(SocketShutdown.Send);
        return Encoding.ASCII.GetString(await Clients.ReceiveToEndAsync(client));
    }

    internal static Task<Socket> ConnectAsync(string address) =>
        address.StartsWith("unix://", StringComparison.Ordinal)
            ? Clients.ConnectAsync(address["unix://".Length..])
            : Clients.ConnectAsync(IPEndPoint.Parse(address["tcp://".Length..]));

    private static async Task AssertRefusedAsync(string address)
    {
        try
        {
            (await ConnectAsync(address)).Dispose();
            Assert.Fail($"{address} still accepts");
        }
        catch (SocketException refused)
        {
            Assert.That(
                refused.SocketErrorCode,
                Is.EqualTo(SocketError.ConnectionRefused).Or.EqualTo(SocketError.AddressNotAvailable),
                address);
        }
    }

    private static EndPoint Reserve(out Socket socket)
    {
        socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket.LocalEndPoint!;
    }
}

/// <summary>Echoes what connections say, and datagrams.</summary>
[GainProtocol]
internal partial struct BothProtocol
{
    private static void OnRead(Connection connection, ReadOnlySpan<byte> data) => connection.Send(data);

    private static void OnDatagram(Datagram datagram, ReadOnlySpan<byte> data) => datagram.Reply(data);
}

/// <summary>Listens on another address from the start on, until a client says s.</summary>
[GainProtocol]
internal partial struct SelfListening(Journal journal)
{
    private GainServer? _server;
    private string? _added;

    private void OnStart(GainServer server)
    {
        _server = server;
        _added = server.AddListener("tcp://127.0.0.1:0")[0];
        journal.Add(_added);
        journal.Add("started");
    }

    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("s"u8))
        {
            journal.Add(_server!.StopListeningAsync(_added!).IsCompleted ? "stop ended" : "stop waits");
        }

        connection.Send(data);
    }
}
