using System.Net.Sockets;
using System.Text;

namespace Gain.Tests.Server;

public class CallbackTests(GainRing ring) : ServerTest(ring)
{
    [Test]
    public async Task Accept_read_write_and_close_come_once_each_and_in_order()
    {
        var journal = new Journal();
        GainServer server = Start(new JournalingEcho(journal));
        using (Socket client = await Clients.ConnectAsync(server))
        {
            await Clients.SendAllAsync(client, "hello"u8.ToArray());
            await Clients.ReceiveExactlyAsync(client, 5);
        }

        Assert.That(
            await journal.AwaitAsync(4),
            Is.EqualTo(new[] { "accept", "read", "write 5", "close PeerClosed" }));
    }

    [Test]
    public async Task Reset_by_the_client_closes_with_that_reason()
    {
        RequireTcp("a reset, which Unix sockets do not have");
        var journal = new Journal();
        GainServer server = Start(new JournalingEcho(journal));
        Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "x"u8.ToArray());
        await Clients.ReceiveExactlyAsync(client, 1);
        Clients.Reset(client);

        string[] entries = await journal.AwaitAsync(4);
        Assert.That(entries[^1], Is.EqualTo("close Reset"));
    }

    [Test]
    public async Task Each_connection_has_its_own_copy_of_the_handler()
    {
        var journal = new Journal();
        GainServer server = Start(new HalfCloseProtocol(journal));
        Task<byte[]> one = CountAsync(server, 10);
        Task<byte[]> other = CountAsync(server, 70_000);

        Assert.That(Encoding.ASCII.GetString(await one), Is.EqualTo("10"));
        Assert.That(Encoding.ASCII.GetString(await other), Is.EqualTo("70000"));
        Assert.That((await journal.AwaitAsync(4)).Count(e => e == "read closed"), Is.EqualTo(2));
    }

    [Test]
    public async Task Throwing_callback_closes_its_connection_only_and_is_logged()
    {
        RequireTcp("a reset, which Unix sockets do not have");
        var journal = new Journal();
        var logger = new RecordingLogger();
        var options = new GainOptions { WorkerCount = 1, Logger = logger };
        GainServer server = Start(new FaultyProtocol(journal), options);
        using Socket good = await Clients.ConnectAsync(server);
        using Socket bad = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(bad, "throw"u8.ToArray());

        Assert.That(await journal.AwaitAsync(1), Is.EqualTo(new[] { "close HandlerFault as asked" }));
        string[] messages = await logger.Messages.AwaitAsync(1);
        Assert.That(messages[0], Does.StartWith("Error").And.EndsWith("as asked"));
        Assert.That(async () => await bad.ReceiveAsync(new byte[1]), Throws.InstanceOf<SocketException>());

        await Clients.SendAllAsync(good, "still here"u8.ToArray());
        Assert.That(await Clients.ReceiveExactlyAsync(good, 10), Is.EqualTo("still here"u8.ToArray()));
        Assert.That(server.Statistics.HandlerFaults, Is.EqualTo(1));
    }

    [Test]
    public async Task Throwing_logger_loses_its_message_and_nothing_else()
    {
        var journal = new Journal();
        var options = new GainOptions { WorkerCount = 1, Logger = new ThrowingLogger() };
        GainServer server = Start(new FaultyProtocol(journal), options);
        using Socket good = await Clients.ConnectAsync(server);
        using Socket bad = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(bad, "throw"u8.ToArray());
        await journal.AwaitAsync(1);

        await Clients.SendAllAsync(good, "still here"u8.ToArray());
        Assert.That(await Clients.ReceiveExactlyAsync(good, 10), Is.EqualTo("still here"u8.ToArray()));
        Assert.That(server.Statistics.LostMessages, Is.Positive);
    }

    [Test]
    public async Task A_thousand_faults_lose_no_buffer()
    {
        var journal = new Journal();
        GainServer server = Start(
            new FaultyProtocol(journal),
            new GainOptions
            {
                WorkerCount = 1,
                Buffers = { ReceiveBufferCount = 8 },
                Logger = new RecordingLogger(),
            });
        for (int i = 0; i < 1_000; i++)
        {
            using Socket bad = await Clients.ConnectAsync(server);
            await Clients.SendAllAsync(bad, "throw"u8.ToArray());
            await journal.AwaitAsync(i + 1);
        }

        using Socket good = await Clients.ConnectAsync(server);
        byte[] sent = Clients.Pattern(1_000_000, 3);
        Task sending = Clients.SendAllAsync(good, sent);
        Assert.That(await Clients.ReceiveExactlyAsync(good, sent.Length), Is.EqualTo(sent));
        await sending;
    }

    [Test]
    public async Task OnStart_runs_once_with_the_bound_address_before_any_connection()
    {
        RequireTcp("an IP address");
        var journal = new Journal();
        GainServer server = Start(new StartingProtocol(journal), new GainOptions { WorkerCount = 2 });
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.ReceiveExactlyAsync(client, 2);

        Assert.That(
            await journal.AwaitAsync(2), Is.EqualTo(new[] { $"start {server.EndPoints[0].Port}", "accept" }));
    }

    [Test]
    public void Throwing_OnStart_fails_the_start_and_leaves_nothing_open()
    {
        RequireTcp("an IP address");
        int sockets = Descriptors.Sockets();
        Assert.That(
            () => Start(new StartingProtocol(null)), Throws.InstanceOf<NullReferenceException>());
        Assert.That(Descriptors.Sockets(), Is.EqualTo(sockets));
    }

    [Test]
    public async Task Write_inside_OnWrite_is_sent_and_completes_too()
    {
        var journal = new Journal();
        GainServer server = Start(new RewritingProtocol(journal));
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "a"u8.ToArray());

        Assert.That(await Clients.ReceiveExactlyAsync(client, 2), Is.EqualTo("ab"u8.ToArray()));
        Assert.That(await journal.AwaitAsync(2), Is.EqualTo(new[] { "write 1", "write 1" }));
    }

    private static async Task<byte[]> CountAsync(GainServer server, int length)
    {
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, Clients.Pattern(length, 1));
        client.Shutdown(SocketShutdown.Send);
        return await Clients.ReceiveToEndAsync(client);
    }
}

[GainProtocol]
internal partial struct StartingProtocol(Journal? journal)
{
    private bool _started;

    private void OnStart(GainServer server)
    {
        _started = true;
        journal!.Add($"start {server.EndPoints[0].Port}");
    }

    private readonly void OnAccept(Connection connection)
    {
        journal!.Add("accept");
        connection.Send(_started ? "ok"u8 : "no"u8);
    }
}

[GainProtocol]
internal partial struct RewritingProtocol(Journal journal)
{
    private bool _rewritten;

    private static void OnRead(Connection connection, ReadOnlySpan<byte> data) => connection.Send(data);

    private void OnWrite(Connection connection, int bytes)
    {
        journal.Add($"write {bytes}");
        if (!_rewritten)
        {
            _rewritten = true;
            connection.Send("b"u8);
        }
    }
}
