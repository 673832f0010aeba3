using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace Gain.Tests.Server;

/// <summary>Servers whose addresses have protocols of different types.</summary>
public class SeveralProtocolsTests(GainRing ring) : ServerTest(ring)
{
    private const string AnyPort = "tcp://127.0.0.1:0";

    private TempSockets _sockets = null!;

    [SetUp]
    public void MakeDirectory() => _sockets = new TempSockets();

    [TearDown]
    public void RemoveDirectory() => _sockets.Dispose();

    [Test]
    public async Task Framed_and_raw_protocols_do_not_touch_each_others_bytes()
    {
        var journal = new Journal();
        GainServer server = Start(
            GainServer.Listen(new LineProtocol(journal), AnyPort).Listen(new EchoProtocol(), AnyPort),
            new GainOptions { WorkerCount = 1 });
        using Socket lines = await Clients.ConnectAsync(server, 0);
        using Socket raw = await Clients.ConnectAsync(server, 1);
        await Clients.SendAllAsync(lines, "hel"u8.ToArray());
        await AssertEchoAsync(raw, "lo\r\n"u8.ToArray());
        await Clients.SendAllAsync(lines, "lo\r\nbye\r\n"u8.ToArray());
        Assert.That(await Clients.ReceiveToEndAsync(lines), Is.EqualTo("hello\nbye\n"u8.ToArray()));
        await AssertEchoAsync(raw, "bye\r\n"u8.ToArray());
        Assert.That(journal.Entries, Is.EqualTo(["close Local"]));
    }

    [Test]
    public async Task What_OnRead_leaves_and_what_a_frame_lacks_are_kept_each_in_its_way()
    {
        // A line may be longer than what OnRead may leave: only the one limit is a line's.
        GainServer server = Start(
            GainServer.Listen(new FourByteProtocol(new Journal()), AnyPort)
                .Listen(new LineProtocol(new Journal()), _sockets.Address()),
            new GainOptions { WorkerCount = 1, Limits = { MaxUnconsumedBytes = 3 } });
        using Socket groups = await Clients.ConnectAsync(server, 0);
        using Socket lines = await Clients.ConnectAsync(server, 1);
        byte[] line = Encoding.ASCII.GetBytes($"{new string('x', 300)}\r\n");
        for (int round = 0; round < 3; round++)
        {
            await Clients.SendAllAsync(groups, new byte[] { 1, 2, 3, 4, 5, 6 });
            await Clients.ReceiveExactlyAsync(groups, 4);
            foreach (byte one in line)
            {
                await Clients.SendAllAsync(lines, new[] { one });
            }

            Assert.That(
                await Clients.ReceiveExactlyAsync(lines, 301),
                Is.EqualTo(Encoding.ASCII.GetBytes($"{new string('x', 300)}\n")));
            await Clients.SendAllAsync(groups, new byte[] { 7, 8 });
            Assert.That(await Clients.ReceiveExactlyAsync(groups, 4), Is.EqualTo(new byte[] { 5, 6, 7, 8 }));
        }
    }

    [Test]
    public async Task Each_of_three_protocols_gets_its_own_callbacks()
    {
        var echoed = new Journal();
        var closed = new Journal();
        GainServer server = Start(
            GainServer.Listen(new JournalingEcho(echoed), AnyPort)
                .Listen(new HalfCloseProtocol(closed), AnyPort)
                .Listen(new LineProtocol(closed), _sockets.Address()),
            new GainOptions { WorkerCount = 1 });
        using (Socket client = await Clients.ConnectAsync(server, 0))
        {
            await AssertEchoAsync(client, "hello"u8.ToArray());
        }

        Assert.That(
            await echoed.AwaitAsync(4), Is.EqualTo(["accept", "read", "write 5", "close PeerClosed"]));
        using (Socket client = await Clients.ConnectAsync(server, 1))
        {
            await Clients.SendAllAsync(client, "12345"u8.ToArray());
            client.Shutdown(SocketShutdown.Send);
            Assert.That(await Clients.ReceiveToEndAsync(client), Is.EqualTo("5"u8.ToArray()));
        }

        Assert.That(await closed.AwaitAsync(2), Is.EqualTo(["read closed", "close Local"]));
        using (Socket client = await Clients.ConnectAsync(server, 2))
        {
            await Clients.SendAllAsync(client, new byte[1_100]);
            Assert.That(await Clients.ReceiveToEndAsync(client), Is.EqualTo("too long\n"u8.ToArray()));
        }

        Assert.That(
            (await closed.AwaitAsync(4))[2..],
            Is.EqualTo(["error FrameTooLong 1000", "close ProtocolError"]));
        Assert.That(echoed.Entries, Has.Length.EqualTo(4));

        // Counted as if each protocol had a server of its own: what is not declared is not called.
        Assert.That(server.Statistics.Callbacks, Is.EqualTo(4 + 3 + 2));
    }

    [Test]
    public async Task Timers_and_the_exception_without_OnTimer_are_each_protocols_own()
    {
        var ticks = new Journal();
        var refusals = new Journal();
        GainServer server = Start(
            GainServer.Listen(new TickingProtocol(ticks, 3), AnyPort)
                .Listen(new TimerlessProtocol(refusals), _sockets.Address()),
            new GainOptions { WorkerCount = 1, Logger = new RecordingLogger() });
        using Socket timed = await Clients.ConnectAsync(server, 0);

        // Over a Unix socket, whose client is not told of the abort while it connects.
        for (int i = 0; i < 3; i++)
        {
            using Socket timerless = await Clients.ConnectAsync(server, 1);
            string[] entries = await refusals.AwaitAsync(i + 1);
            Assert.That(entries[i], Does.Contain("declares no OnTimer"));
        }

        Assert.That(await Clients.ReceiveToEndAsync(timed), Is.EqualTo("tick1tick2tick3"u8.ToArray()));
        Assert.That(await ticks.AwaitAsync(1), Is.EqualTo(["close Local, timer False"]));
        Assert.That(server.Statistics.HandlerFaults, Is.EqualTo(3));
    }

    [Test]
    public async Task Back_pressure_and_deadlines_reach_their_protocols()
    {
        var drained = new Journal();
        var closed = new Journal();
        byte[] answer = Clients.Pattern(1 << 20, 4);
        GainServer server = Start(
            GainServer.Listen(new JournalingEcho(closed), AnyPort)
                .Listen(new AmplifyingProtocol(drained, answer), _sockets.Address()),
            new GainOptions
            {
                WorkerCount = 1,
                Limits = { OutboundHighWatermarkBytes = 1 << 20, MaxOutboundBytes = 4 << 20 },
                Timeouts = { FirstByte = TimeSpan.FromMilliseconds(100) },
            });
        using Socket idle = await Clients.ConnectAsync(server, 0);
        using Socket client = await Clients.ConnectAsync(server, 1);
        await Clients.SendAllAsync(client, new byte[10]);
        for (int i = 0; i < 10; i++)
        {
            byte[] received = await Clients.ReceiveExactlyAsync(client, answer.Length);
            Assert.That(received.AsSpan().SequenceEqual(answer), $"answer {i}");
        }

        await drained.AwaitAsync(10);
        Assert.That(await Clients.ReceiveToEndAsync(idle), Is.Empty);
        Assert.That(await closed.AwaitAsync(2), Is.EqualTo(["accept", "close FirstByteTimeout"]));
    }

    [Test]
    public async Task An_exception_closes_one_connection_and_neither_the_others_nor_the_other_protocols()
    {
        var faults = new Journal();
        GainServer server = Start(
            GainServer.Listen(new EchoProtocol(), AnyPort).Listen(new FaultyProtocol(faults), AnyPort),
            new GainOptions { WorkerCount = 1, Logger = new RecordingLogger() });
        using Socket echo = await Clients.ConnectAsync(server, 0);
        using Socket bystander = await Clients.ConnectAsync(server, 1);
        using Socket throwing = await Clients.ConnectAsync(server, 1);
        await AssertEchoAsync(throwing, "calm"u8.ToArray());
        await Clients.SendAllAsync(throwing, "throw"u8.ToArray());
        Assert.That(await faults.AwaitAsync(1), Is.EqualTo(["close HandlerFault as asked"]));
        await AssertEchoAsync(echo, "throw"u8.ToArray());
        await AssertEchoAsync(bystander, "calm"u8.ToArray());
    }

    [Test]
    public async Task Several_prototypes_of_a_type_among_others_keep_their_fields()
    {
        var journal = new Journal();
        GainServer server = Start(GainServer
            .Listen(new StartedProtocol(journal, "a"), AnyPort)
            .Listen(new ListenerNamingProtocol(), AnyPort, _sockets.Address())
            .Listen(new ListenerNamingProtocol(), AnyPort)
            .Listen(new StartedProtocol(journal, "b"), AnyPort)
            .Listen(new StartedProtocol(journal, "c"), AnyPort));
        Assert.That(journal.Entries, Is.EqualTo(["start a", "start b", "start c"]));
        string[] expected =
            ["a started", "listener 1", "listener 2", "listener 3", "b started", "c started"];
        for (int address = 0; address < expected.Length; address++)
        {
            using Socket client = await Clients.ConnectAsync(server, address);
            Assert.That(
                await Clients.ReceiveExactlyAsync(client, expected[address].Length),
                Is.EqualTo(Encoding.ASCII.GetBytes(expected[address])));
        }
    }

    [Test]
    public async Task Protocols_of_a_worker_share_its_instance_of_a_type_and_have_others_of_their_own()
    {
        var journal = new Journal();
        var options = new GainOptions { WorkerCount = 1 }
            .PerWorker(worker => new DisposableStore(worker, journal));
        GainServer server = Start(
            GainServer.Listen(new EchoProtocol(), AnyPort)
                .Listen(new CountingProtocol(), AnyPort)
                .Listen(new CountReadingProtocol(), _sockets.Address()),
            options);
        for (int i = 1; i <= 3; i++)
        {
            using Socket counted = await Clients.ConnectAsync(server, 1);
            await Clients.SendAllAsync(counted, new byte[] { 1 });
            Assert.That(
                await Clients.ReceiveExactlyAsync(counted, 2),
                Is.EqualTo(new[] { (byte)i, (byte)(10 + i) }));
            using Socket reader = await Clients.ConnectAsync(server, 2);
            await Clients.SendAllAsync(reader, new byte[] { 1 });
            Assert.That(
                await Clients.ReceiveExactlyAsync(reader, 2), Is.EqualTo(new byte[] { 0, (byte)(10 + i) }));
        }

        await server.StopAsync();
        Assert.That(journal.Entries, Has.Length.EqualTo(1));
        Assert.That(journal.Entries[0], Does.StartWith("disposed 0 on "));
    }

    [Test]
    public async Task Messages_of_each_protocols_type_are_delivered_in_one_order()
    {
        var orders = new BlockingCollection<ConnectionHandle>();
        var texts = new BlockingCollection<ConnectionHandle>();
        GainServer server = Start(
            GainServer.Listen(new PostedProtocol(orders, new Journal()), AnyPort)
                .Listen(new TextProtocol(texts), _sockets.Address())
                .Listen(new EchoProtocol(), AnyPort),
            new GainOptions { WorkerCount = 1, Limits = { MailboxCapacity = 64 } });
        using Socket first = await Clients.ConnectAsync(server, 0);
        using Socket second = await Clients.ConnectAsync(server, 1);
        ConnectionHandle order = Take(orders);
        ConnectionHandle text = Take(texts);
        Assert.That(order, Is.Not.EqualTo(text));
        for (int round = 0; round < 50; round++)
        {
            for (int i = 0; i < 10; i++)
            {
                Assert.That(order.TryPost(new Order(i, "m")));
                Assert.That(text.TryPost($"{i}"));
                Assert.That(text.TrySend("b"u8));
            }

            byte[] numbers = await Clients.ReceiveExactlyAsync(first, 40);
            Assert.That(numbers.Where((_, i) => i % 4 == 0), Is.EqualTo(Enumerable.Range(0, 10)));
            Assert.That(
                await Clients.ReceiveExactlyAsync(second, 20),
                Is.EqualTo("0b1b2b3b4b5b6b7b8b9b"u8.ToArray()));
        }
    }

    [Test]
    public async Task Message_of_the_other_protocols_type_is_an_exception_that_names_both()
    {
        var orders = new BlockingCollection<ConnectionHandle>();
        var texts = new BlockingCollection<ConnectionHandle>();
        var silent = new BlockingCollection<ConnectionHandle>();
        GainServer server = Start(
            GainServer.Listen(new PostedProtocol(orders, new Journal()), AnyPort)
                .Listen(new TextProtocol(texts), AnyPort)
                .Listen(new HandleProtocol(silent), AnyPort));
        using Socket first = await Clients.ConnectAsync(server, 0);
        using Socket second = await Clients.ConnectAsync(server, 1);
        using Socket third = await Clients.ConnectAsync(server, 2);
        ConnectionHandle order = Take(orders);
        ConnectionHandle text = Take(texts);
        ConnectionHandle deaf = Take(silent);
        Assert.That(
            () => order.TryPost("text"),
            Throws.InvalidOperationException.With.Message.Contains("System.String")
                .And.Message.Contains(typeof(Order).FullName!));
        Assert.That(
            () => text.TryPost(new Order(1, "")),
            Throws.InvalidOperationException.With.Message.Contains(typeof(Order).FullName!)
                .And.Message.Contains("System.String"));
        Assert.That(
            () => deaf.TryPost("text"),
            Throws.InvalidOperationException.With.Message.Contains("declares no OnMessage"));
    }

    [Test]
    public async Task Messages_that_nobody_takes_anymore_are_let_go()
    {
        var texts = new BlockingCollection<ConnectionHandle>();
        GainServer server = Start(
            GainServer.Listen(new EchoProtocol(), AnyPort).Listen(new TextProtocol(texts), AnyPort));
        Socket client = await Clients.ConnectAsync(server, 1);
        ConnectionHandle text = Take(texts);
        WeakReference message = Post(text);
        await Clients.ReceiveExactlyAsync(client, "posted".Length);
        client.Dispose();
        await server.StopAsync().WaitAsync(Clients.Patience);
        Assert.That(text.TryPost("gone"), "a connection that is gone is no failure");
        Assert.That(text.TryClose());
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.That(message.IsAlive, Is.False);
        GC.KeepAlive(text);
    }

    [Test]
    public async Task Many_clients_of_all_protocols_are_served_at_once()
    {
        var journal = new Journal();
        GainServer server = Start(
            GainServer.Listen(new LineProtocol(journal), AnyPort)
                .Listen(new EchoProtocol(), AnyPort, _sockets.Address())
                .Listen(new FourByteProtocol(journal), AnyPort),
            new GainOptions { WorkerCount = 3 });
        await Task.WhenAll(Enumerable.Range(0, 32).Select(async seed =>
        {
            using Socket client = await Clients.ConnectAsync(server, seed % 4);
            byte[] sent = seed % 4 == 0
                ? [.. Enumerable.Range(0, 200).SelectMany(i => Encoding.ASCII.GetBytes($"{seed} {i}\n"))]
                : Clients.Pattern(4_000, seed);
            byte[] request = seed % 4 == 0
                ? Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(sent).Replace("\n", "\r\n"))
                : sent;
            Task sending = Clients.SendAllAsync(client, request);
            Assert.That(await Clients.ReceiveExactlyAsync(client, sent.Length), Is.EqualTo(sent));
            await sending;
        }));
        Assert.That(server.Statistics.Accepted, Is.EqualTo(32));
    }

    [Test]
    public void Where_the_second_protocol_does_not_start_nothing_stays_open()
    {
        string[] before = OpenSockets.List();
        Assert.Throws<InvalidOperationException>(() => Start(
            GainServer.Listen(new EchoProtocol(), AnyPort).Listen(new FailingStart(), _sockets.Address())));
        Assert.That(OpenSockets.List(), Is.EqualTo(before));
        Assert.That(_sockets.Names(), Is.Empty);
    }

    [Test]
    public async Task A_worker_that_is_kept_busy_names_its_protocols()
    {
        var logger = new RecordingLogger();
        using var entered = new ManualResetEventSlim();
        using var released = new ManualResetEventSlim();
        GainServer server = Start(
            GainServer.Listen(new EchoProtocol(), AnyPort)
                .Listen(
                    new BlockedProtocol(new BlockingCollection<ConnectionHandle>(), entered, released),
                    AnyPort),
            new GainOptions
            {
                WorkerCount = 1,
                Logger = logger,
                SlowTurnWarning = TimeSpan.FromMilliseconds(1),
            });
        using Socket client = await Clients.ConnectAsync(server, 1);
        await Clients.SendAllAsync(client, "x"u8.ToArray());
        Assert.That(entered.Wait(Clients.Patience));
        long since = Environment.TickCount64;
        Assert.That(SpinWait.SpinUntil(() => Environment.TickCount64 - since > 30, Clients.Patience));
        released.Set();
        string[] warnings = await logger.Messages.AwaitAsync(
            static message => message.Contains("was busy", StringComparison.Ordinal), 1);
        Assert.That(warnings, Has.Some.Contains("callbacks of EchoProtocol or BlockedProtocol"));
    }

    [Test]
    public async Task Messages_of_two_protocols_allocate_nothing_on_the_worker()
    {
        // As in WorkerThreadTests: what the JIT compiler allocates there is no message's.
        // One object for each message would be 7 MB.
        await AllocatedByAsync(200_000);
        Assert.That(await AllocatedByAsync(300_000), Is.LessThan(100_000));
    }

    private async Task<long> AllocatedByAsync(int messages)
    {
        GainServer server = Start(
            GainServer.Listen(new LineProtocol(new Journal()), AnyPort).Listen(new EchoProtocol(), AnyPort),
            new GainOptions { WorkerCount = 1 });
        Socket[] clients = [await Clients.ConnectAsync(server, 0), await Clients.ConnectAsync(server, 1)];
        byte[] lines = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("12345678\r\n", 100)));
        byte[][] requests = [lines, lines];
        byte[][] answers = [new byte[900], new byte[1_000]];
        for (int sent = 0; sent < messages; sent += 100)
        {
            int to = sent / 100 % 2;
            await clients[to].SendAsync(requests[to]);
            for (int got = 0; got < answers[to].Length;)
            {
                got += await clients[to].ReceiveAsync(answers[to].AsMemory(got));
            }
        }

        clients[0].Dispose();
        clients[1].Dispose();
        await server.StopAsync();
        Assert.That(server.Statistics.BytesOut, Is.EqualTo(messages / 200 * 1_900L));
        return server.Statistics.AllocatedBytes;
    }

    // Not inlined, so that nothing of the caller's keeps the message.
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference Post(ConnectionHandle handle)
    {
        string message = new("posted".AsSpan());
        Assert.That(handle.TryPost(message));
        return new WeakReference(message);
    }

    private static async Task AssertEchoAsync(Socket client, byte[] bytes)
    {
        await Clients.SendAllAsync(client, bytes);
        Assert.That(await Clients.ReceiveExactlyAsync(client, bytes.Length), Is.EqualTo(bytes));
    }

    private static ConnectionHandle Take(BlockingCollection<ConnectionHandle> handles)
    {
        Assert.That(handles.TryTake(out ConnectionHandle handle, Clients.Patience));
        return handle;
    }
}

/// <summary>Sends the texts that are posted to it.</summary>
[GainProtocol]
internal partial struct TextProtocol(BlockingCollection<ConnectionHandle> handles)
{
    private readonly void OnAccept(Connection connection) => handles.Add(connection.Handle);

    private static void OnMessage(Connection connection, string text) =>
        connection.Send(Encoding.ASCII.GetBytes(text));
}

/// <summary>Says what another protocol counts, behind the index of an instance of its own.</summary>
[GainProtocol]
internal partial struct CountReadingProtocol
{
    private static void OnRead(Connection connection, DisposableStore own, NumberedStore numbers) =>
        connection.Send([(byte)own.Worker, (byte)numbers.Count]);
}
