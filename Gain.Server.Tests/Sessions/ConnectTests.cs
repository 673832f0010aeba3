using System.Net;
using System.Net.Sockets;
using System.Text;
using static Gain.Tests.Server.Upstreams;

namespace Gain.Tests.Server.Sessions;

/// <summary>Sessions that dial and wait for it.</summary>
public class ConnectTests(GainRing ring) : ServerTest(ring)
{
    private Journal _journal = new();

    [SetUp]
    public void Begin() => _journal = new Journal();

    [Test]
    public async Task Session_goes_on_behind_OnConnect_and_couples_the_two()
    {
        using Socket listener = Listen();
        GainServer server = Start(listener);
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "couple\nand more\n"u8.ToArray());
        using Socket upstream = await listener.AcceptAsync().WaitAsync(Clients.Patience);
        Assert.That(await TextAsync(upstream, 15), Is.EqualTo("hello\nand more\n"));
        await Clients.SendAllAsync(upstream, "back"u8.ToArray());
        Assert.That(await TextAsync(client, 4), Is.EqualTo("back"));
        Assert.That(_journal.Entries, Is.EqualTo(new[] { "asked", "connect couple", "resumed" }));
        client.Shutdown(SocketShutdown.Send);
        Assert.That(await Clients.ReceiveToEndAsync(upstream), Is.Empty);
        upstream.Shutdown(SocketShutdown.Send);
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.Empty);
        Assert.That((await AwaitAllClosedAsync(server)).HandlerFaults, Is.Zero);
    }

    [Test]
    public async Task Prototype_serves_what_is_dialled_without_a_handler_of_its_own()
    {
        using Socket listener = Listen();
        GainServer server = Start(listener);
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "prototype\nmine\n"u8.ToArray());
        Assert.That(await TextAsync(client, 6), Is.EqualTo("up\nup\n"));
        Assert.That(
            _journal.Entries.Where(entry => entry.StartsWith("connect", StringComparison.Ordinal)),
            Is.EqualTo(new[] { "connect registered", "connect mine" }));
    }

    [Test]
    public async Task Refused_dial_is_a_value_and_the_session_goes_on()
    {
        using Socket closed = Bind();
        GainServer server = Start(closed);
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "one\ntwo\n"u8.ToArray());
        Assert.That(await TextAsync(client, 16), Is.EqualTo("Refused\nRefused\n"));
        Assert.That(server.Statistics.FailedConnects, Is.EqualTo(2));
    }

    [Test]
    public async Task Dial_beyond_the_limit_on_connections_is_refused_as_a_value()
    {
        using Socket listener = Listen();
        GainServer server = Start(listener, maxConnections: 1);
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "one\n"u8.ToArray());
        Assert.That(await TextAsync(client, 13), Is.EqualTo("LimitReached\n"));
    }

    // A full accept queue stands for a host that does not answer: the kernel drops the SYNs.
    [Test]
    public async Task Reset_while_connecting_gives_the_dial_up()
    {
        using Socket listener = Listen(backlog: 0);
        using Socket first = await Clients.ConnectAsync((IPEndPoint)listener.LocalEndPoint!);
        GainServer server = Start(listener);
        Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "one\n"u8.ToArray());
        await _journal.AwaitAsync(entry => entry == "asked", 1);
        Clients.Reset(client);
        await _journal.AwaitAsync(entry => entry == "failed Cancelled", 1);
        Assert.That((await AwaitAllClosedAsync(server)).FailedConnects, Is.EqualTo(1));
        Assert.That(_journal.Entries, Does.Contain("told Cancelled"));
        Assert.That(server.Statistics.HandlerFaults, Is.Zero);
    }

    [Test]
    public async Task Stop_while_connecting_is_a_value_that_the_session_can_tell()
    {
        using Socket listener = Listen(backlog: 0);
        using Socket first = await Clients.ConnectAsync((IPEndPoint)listener.LocalEndPoint!);
        GainServer server = Start(listener);
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "one\n"u8.ToArray());
        await _journal.AwaitAsync(entry => entry == "asked", 1);
        Task stopping = server.StopAsync(Clients.Patience);
        Assert.That(await TextAsync(client, 10), Is.EqualTo("Cancelled\n"));
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.Empty);
        client.Dispose();
        await stopping.WaitAsync(Clients.Patience);
    }

    [Test]
    public async Task Reset_of_the_client_in_the_turn_in_which_its_dial_comes_up_leaves_no_connection()
    {
        using Socket listener = Listen();
        GainServer server = Start(listener);
        for (int i = 0; i < 200; i++)
        {
            Socket client = await Clients.ConnectAsync(server);
            await Clients.SendAllAsync(client, "one\n"u8.ToArray());
            Clients.Reset(client);
        }

        // The session closes those that it was given, and the engine the others.
        Assert.That((await AwaitAllClosedAsync(server)).HandlerFaults, Is.Zero);
    }

    [Test]
    public async Task Handler_that_throws_in_OnConnect_leaves_the_session_a_handle_of_nobody()
    {
        using Socket listener = Listen();
        GainServer server = Start(listener);
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "throw\n"u8.ToArray());
        Assert.That(await TextAsync(client, 3), Is.EqualTo("up\n"));
        await _journal.AwaitAsync(entry => entry == "closed throw HandlerFault", 1);
    }

    [Test]
    public async Task Type_that_was_not_registered_throws_and_closes_the_connection()
    {
        using Socket listener = Listen();
        GainServer server = Start(listener);
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "unknown\n"u8.ToArray());
        await _journal.AwaitAsync(entry => entry == "close HandlerFault", 1);
    }

    [Test]
    public async Task Second_connect_beside_one_throws_and_dials_nothing()
    {
        using Socket listener = Listen();
        GainServer server = Start(listener);
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "twice\n"u8.ToArray());
        string refusal = "The session awaits Connect already: a connection has one wait at a time, so await "
            + "one before the next.\n";
        Assert.That(await TextAsync(client, refusal.Length + 3), Is.EqualTo(refusal + "up\n"));
        Assert.That(server.Statistics.Connected, Is.EqualTo(1));
    }

    [Test]
    public async Task Dials_cost_no_object()
    {
        GainServer server = Start(
            GainServer.Listen(
                new SessionRedialler(DialTarget.Parse("unix:///nobody/is/here")), "tcp://127.0.0.1:0")
                .Dial(new RediallerEnd()),
            new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        await DialAThousandAsync(client);
        long before = server.Statistics.AllocatedBytes;
        await DialAThousandAsync(client);

        // One object a dial would be 64 kB; the JIT compiler allocates some of its own.
        Assert.That(server.Statistics.AllocatedBytes - before, Is.LessThan(40_000));
    }

    private static async Task DialAThousandAsync(Socket client)
    {
        await Clients.SendAllAsync(client, "x"u8.ToArray());
        Assert.That(await TextAsync(client, 1), Is.EqualTo("."));
    }

    private GainServer Start(Socket target, int maxConnections = 100) => Start(
        GainServer.Listen(
            new SessionConnector(_journal, DialTarget.FromIPEndPoint((IPEndPoint)target.LocalEndPoint!)),
            "tcp://127.0.0.1:0")
            .Dial(new ConnectedEnd(_journal, "registered")),
        new GainOptions
        {
            WorkerCount = 1,
            Limits = { MaxConnections = maxConnections },
            Timeouts = { Linger = ShortLinger },
        });

    private static async Task<string> TextAsync(Socket socket, int count) =>
        Encoding.ASCII.GetString(await Clients.ReceiveExactlyAsync(socket, count));
}
