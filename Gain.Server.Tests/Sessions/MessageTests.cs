using System.Net.Sockets;
using System.Text;
using static Gain.Tests.Server.Upstreams;

namespace Gain.Tests.Server.Sessions;

/// <summary>Messages that sessions wait for.</summary>
public class MessageTests(GainRing ring) : ServerTest(ring)
{
    private const int Most = 4;

    private Journal _journal = new();
    private SessionGate _gate = new();

    [SetUp]
    public void Begin()
    {
        _journal = new Journal();
        _gate = new SessionGate();
    }

    [Test]
    public async Task Session_that_waits_gets_each_message_in_order()
    {
        (_, Socket client) = await StartAsync("all");
        using Socket open = client;
        await _journal.AwaitAsync(1);
        Post(Enumerable.Range(1, 1_000));
        string expected = string.Concat(Enumerable.Range(1, 1_000).Select(number => $"{number}\n"));
        Assert.That(await ReceiveAsync(client, expected.Length), Is.EqualTo(expected));
    }

    [Test]
    public async Task Messages_wait_up_to_the_limit_while_the_session_does_something_else()
    {
        (GainServer server, Socket client) = await StartAsync("echo");
        using Socket open = client;
        Assert.That(await ReceiveAsync(client, 5), Is.EqualTo("echo\n"));
        for (int round = 0; round < 3; round++)
        {
            Post(Enumerable.Range(10, Most));
            await Clients.SendAllAsync(client, "echo\n3\n1\n"u8.ToArray());
            Assert.That(await ReceiveAsync(client, 17), Is.EqualTo("echo\n10\n11\n12\n13\n"));
        }

        Assert.That(server.Statistics.HandlerFaults, Is.Zero);
    }

    [Test]
    public async Task One_message_too_many_closes_the_connection_and_no_other()
    {
        (GainServer server, Socket client) = await StartAsync("echo");
        using Socket open = client;
        Assert.That(await ReceiveAsync(client, 5), Is.EqualTo("echo\n"));
        Post(Enumerable.Range(1, Most + 1));
        await _journal.AwaitAsync(1);
        Assert.That(_journal.Entries[^1], Does.StartWith("close InboxLimit").Or.StartWith("ended"));
        await _journal.AwaitAsync(entry => entry == "close InboxLimit", 1);

        // The next one has the inbox, which is empty.
        using Socket next = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(next, "echo\n2\n"u8.ToArray());
        Assert.That(await ReceiveAsync(next, 5), Is.EqualTo("echo\n"));
        Post(Enumerable.Range(50, 2));
        Assert.That(await ReceiveAsync(next, 6), Is.EqualTo("50\n51\n"));
    }

    [Test]
    public async Task Stop_ends_the_wait_and_the_session_closes_in_order()
    {
        (GainServer server, Socket client) = await StartAsync("all");
        using Socket open = client;
        await _journal.AwaitAsync(1);
        Task stopping = server.StopAsync(Clients.Patience);
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.Empty);
        client.Dispose();
        await stopping.WaitAsync(Clients.Patience);
        Assert.That(_journal.Entries, Is.EqualTo(new[] { "takes", "null", "close ServerStopped" }));
    }

    [Test]
    public async Task Messages_that_wait_at_a_stop_are_taken_before_the_session_is_told()
    {
        (GainServer server, Socket client) = await StartAsync("away");
        using Socket open = client;
        TaskCompletionSource<string> question = await _gate.TakeAsync();
        Post(Enumerable.Range(1, 3));
        Task stopping = server.StopAsync(Clients.Patience);
        question.SetResult("answer\n");
        Assert.That(
            Encoding.ASCII.GetString(await Clients.ReceiveToEndAsync(client)),
            Is.EqualTo("answer\n1\n2\n3\n"));
        client.Dispose();
        await stopping.WaitAsync(Clients.Patience);
        Assert.That(_journal.Entries, Is.EqualTo(new[] { "takes", "null", "close ServerStopped" }));
    }

    [Test]
    public async Task Wait_after_a_stop_has_ended_one_ends_the_session_and_counts_as_no_fault()
    {
        (GainServer server, Socket client) = await StartAsync("again");
        using Socket open = client;
        await _journal.AwaitAsync(1);
        Task stopping = server.StopAsync(Clients.Patience);
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.Empty);
        client.Dispose();
        await stopping.WaitAsync(Clients.Patience);
        Assert.That(_journal.Entries[2], Does.StartWith("ended: Delay or Message was awaited after"));
        Assert.That(_journal.Entries[3], Is.EqualTo("close ServerStopped"));
        Assert.That(server.Statistics.HandlerFaults, Is.Zero);
    }

    [Test]
    public async Task Reset_ends_the_wait()
    {
        (GainServer server, Socket client) = await StartAsync("all");
        await _journal.AwaitAsync(1);
        Clients.Reset(client);
        await _journal.AwaitAsync(3);
        Assert.That(_journal.Entries[1], Is.EqualTo("null"));
        Assert.That(_journal.Entries[2], Does.StartWith("ended: The session's connection is over"));
        await _journal.AwaitAsync(entry => entry == "close Reset", 1);
        Assert.That(server.Statistics.HandlerFaults, Is.Zero);
    }

    [Test]
    public async Task FIN_does_not_end_the_wait()
    {
        (GainServer server, Socket client) = await StartAsync("all");
        using Socket open = client;
        await _journal.AwaitAsync(1);
        client.Shutdown(SocketShutdown.Send);
        ConnectionHandle first = _gate.Latest;
        using (Socket other = await Clients.ConnectAsync(server))
        {
            // It is served behind the FIN.
            await Clients.SendAllAsync(other, "echo\n"u8.ToArray());
            Assert.That(await ReceiveAsync(other, 5), Is.EqualTo("echo\n"));
            Assert.That(first.TryPost(new Tick(5)));
        }

        Assert.That(await ReceiveAsync(client, 2), Is.EqualTo("5\n"));
    }

    [Test]
    public async Task Messages_of_a_connection_that_is_gone_are_not_the_next_ones()
    {
        GainServer server = StartSubscribers(maxConnections: 1);
        using (Socket first = await ConnectServedAsync(server))
        {
            Post(Enumerable.Range(1, Most));
            await Clients.SendAllAsync(first, "echo\n"u8.ToArray());
            Assert.That(await ReceiveAsync(first, 5), Is.EqualTo("echo\n"));
            Clients.Reset(first);
        }

        await _journal.AwaitAsync(entry => entry.StartsWith("close", StringComparison.Ordinal), 1);
        using Socket next = await ConnectServedAsync(server);
        await Clients.SendAllAsync(next, "1\n"u8.ToArray());
        Post([77]);
        Assert.That(await ReceiveAsync(next, 3), Is.EqualTo("77\n"));
    }

    [Test]
    public async Task Messages_that_were_posted_before_the_session_began_come_first()
    {
        using Socket listener = Listen();
        GainServer server = Start(
            GainServer.Listen(new SessionPoster(TargetOf(listener)), "tcp://127.0.0.1:0")
                .Dial(new SessionPosted()),
            new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        using Socket upstream = await listener.AcceptAsync().WaitAsync(Clients.Patience);
        Assert.That(await ReceiveAsync(upstream, 4), Is.EqualTo("7\n8\n"));
    }

    [Test]
    public async Task Two_protocols_of_a_server_have_each_a_type_of_messages()
    {
        GainServer server = Start(
            GainServer.Listen(new SessionSubscriber(_journal, _gate), "tcp://127.0.0.1:0")
                .Listen(new SessionNotes(_journal, _gate), "tcp://127.0.0.1:0"),
            new GainOptions { WorkerCount = 1 });
        using Socket ticks = await Clients.ConnectAsync(server.EndPoints[0]);
        await Clients.SendAllAsync(ticks, "all\n"u8.ToArray());
        await _journal.AwaitAsync(1);
        ConnectionHandle subscriber = _gate.Latest;
        using Socket notes = await Clients.ConnectAsync(server.EndPoints[1]);
        await _journal.AwaitAsync(2);
        Assert.That(_gate.Latest.TryPost(new Note("a note")) && subscriber.TryPost(new Tick(3)));
        Assert.That(await ReceiveAsync(notes, 6), Is.EqualTo("a note"));
        Assert.That(await ReceiveAsync(ticks, 2), Is.EqualTo("3\n"));
        Assert.That(() => subscriber.TryPost(new Note("no")), Throws.InstanceOf<InvalidOperationException>());
    }

    [Test]
    public async Task Null_is_a_fault_that_says_what_to_post()
    {
        GainServer server = Start(new SessionNotes(_journal, _gate), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        await _journal.AwaitAsync(1);
        Assert.That(_gate.Latest.TryPost<Note>(null!));
        await _journal.AwaitAsync(2);
        Assert.That(
            _journal.Entries[1], Does.StartWith("close HandlerFault TryPost was given null as a Gain."));
    }

    [TestCase("type", "Message was awaited for a Gain.Tests.Server.Sessions.Note, and the session's protocol "
        + "takes a Gain.Tests.Server.Sessions.Tick")]
    [TestCase("two", "The session awaits Message already")]
    public async Task Misuse_throws_what_is_wrong(string misuse, string message)
    {
        GainServer server = Start(new SessionMessageMisuser(misuse), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        Assert.That(
            Encoding.ASCII.GetString(await Clients.ReceiveToEndAsync(client)), Does.StartWith(message));
        Assert.That(server.Statistics.HandlerFaults, Is.Zero);
    }

    [Test]
    public async Task Wait_without_the_attribute_says_what_to_declare()
    {
        GainServer server = Start(new SessionWithoutInbox(), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        Assert.That(
            Encoding.ASCII.GetString(await Clients.ReceiveToEndAsync(client)),
            Does.EndWith("declare [SessionMessage<Tick>] on it."));
    }

    [Test]
    public async Task Half_a_million_messages_allocate_nothing()
    {
        const int Messages = 500_000;
        await CountAsync(Messages);

        // As for bytes: the JIT compiler allocates some kilobytes at moments of its own.
        Assert.That(await CountAsync(Messages), Is.LessThan(100_000));
    }

    private async Task<long> CountAsync(int messages)
    {
        // The array of inboxes, which the first connection makes, has a place for each connection.
        GainServer server = Start(
            new SessionCounter(_gate), new GainOptions { WorkerCount = 1, Limits = { MaxConnections = 10 } });
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.ReceiveExactlyAsync(client, 1);
        ConnectionHandle handle = _gate.Latest;
        for (int left = messages - 1; left >= 0; left--)
        {
            var waiter = default(SpinWait);
            while (!handle.TryPost(new Tick(left)))
            {
                // The mailbox is full until the worker's next turn.
                waiter.SpinOnce();
            }
        }

        Assert.That(await ReceiveAsync(client, 7), Is.EqualTo($"{messages}\n"));
        client.Dispose();
        await server.StopAsync().WaitAsync(Clients.Patience);
        return server.Statistics.AllocatedBytes;
    }

    private void Post(IEnumerable<int> numbers)
    {
        foreach (int number in numbers)
        {
            Assert.That(_gate.Latest.TryPost(new Tick(number)));
        }
    }

    private GainServer StartSubscribers(int maxConnections = 100) => Start(
        new SessionSubscriber(_journal, _gate),
        new GainOptions
        {
            WorkerCount = 1,
            Limits = { MaxMessagesWaiting = Most, MaxConnections = maxConnections },
        });

    private async Task<(GainServer Server, Socket Client)> StartAsync(string command)
    {
        GainServer server = StartSubscribers();
        Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, Encoding.ASCII.GetBytes($"{command}\n"));
        return (server, client);
    }

    // The place is free when the descriptor of the one before is closed.
    private static async Task<Socket> ConnectServedAsync(GainServer server)
    {
        while (true)
        {
            Socket? client = await Clients.TryConnectAsync(server);
            try
            {
                if (client is not null)
                {
                    await Clients.SendAllAsync(client, "echo\n"u8.ToArray());
                    await Clients.ReceiveExactlyAsync(client, 5);
                    return client;
                }
            }
            catch (Exception refused) when (refused is SocketException or AssertionException)
            {
                client?.Dispose();
            }
        }
    }

    private static async Task<string> ReceiveAsync(Socket client, int count) =>
        Encoding.ASCII.GetString(await Clients.ReceiveExactlyAsync(client, count));
}
