using System.Net;
using System.Net.Sockets;

namespace Gain.Tests.Server;

/// <summary>More clients, or worse ones, than a server is made for.</summary>
public class OverloadTests(GainRing ring) : ServerTest(ring)
{
    /// <summary>
    /// Each slot is used hundreds of times, and the memory that may be left is 170 bytes of each connection.
    /// Fewer where all but the accepting is another fixture's matter.
    /// </summary>
    private protected virtual int ConnectionsThatLeaveNothing => 25_000;

    [Test]
    public async Task Twenty_polite_clients_are_served_beside_one_that_floods_and_never_reads()
    {
        var options = new GainOptions { WorkerCount = 1, Buffers = { ReceiveBufferCount = 16 } };
        GainServer server = Start(new EchoProtocol(), options);
        using Socket flooder = await Clients.ConnectAsync(server);
        using var stop = new CancellationTokenSource();
        Task flooding = FloodAsync(flooder, stop.Token);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async client =>
        {
            using Socket polite = await Clients.ConnectAsync(server);
            for (int round = 0; round < 200; round++)
            {
                byte[] sent = Clients.Pattern(1_000, (client * 1_000) + round);
                await Clients.SendAllAsync(polite, sent);
                Assert.That(await Clients.ReceiveExactlyAsync(polite, sent.Length), Is.EqualTo(sent));
            }
        }));

        // The flooder is held back, and took no more memory than its watermark and what was on its way.
        long most = options.Limits.OutboundHighWatermarkBytes
            + ((long)options.Buffers.ReceiveBufferBytes * options.Buffers.ReceiveBufferCount);
        Assert.That(server.Statistics.HeldOutboundBytes, Is.AtMost(2 * most));
        Assert.That(server.ActiveConnections, Is.AtLeast(1));
        await stop.CancelAsync();
        Clients.Reset(flooder);
        await flooding;
    }

    [Test]
    public async Task Two_hundred_clients_that_dribble_keep_nobody_out_and_are_closed_in_the_end()
    {
        var lifetime = TimeSpan.FromSeconds(1);
        GainServer server = Start(
            new LargeLineProtocol(new Journal()), new GainOptions
            {
                WorkerCount = 1,
                Timeouts = { Lifetime = lifetime },
            });
        var slow = new List<Socket>();
        for (int i = 0; i < 200; i++)
        {
            slow.Add(await Clients.ConnectAsync(server));
        }

        Task[] ends = [.. slow.Select(AwaitEndAsync)];
        int served = 0;
        while (!Task.WhenAll(ends).IsCompleted)
        {
            foreach (Socket dribbling in slow.Where((_, i) => !ends[i].IsCompleted))
            {
                await DribbleAsync(dribbling);
            }

            var clock = System.Diagnostics.Stopwatch.StartNew();
            using Socket polite = await Clients.ConnectAsync(server);
            await Clients.SendAllAsync(polite, "hello\n"u8.ToArray());
            Task<byte[]> answer = Clients.ReceiveToEndAsync(polite);
            polite.Shutdown(SocketShutdown.Send);

            // On a machine that is busy with other things the polite one may grow too old as well.
            bool isWhole = (await answer).AsSpan().SequenceEqual("hello"u8);
            Assert.That(isWhole || clock.Elapsed >= lifetime);
            served += isWhole ? 1 : 0;
        }

        await Task.WhenAll(ends);
        slow.ForEach(socket => socket.Dispose());
        Assert.That(served, Is.Positive);
        Assert.That(server.Statistics.ProtocolErrors, Is.Zero);
    }

    [Test]
    public async Task Clients_that_reset_while_they_wait_in_the_listen_queue_leave_nothing_behind()
    {
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        GainServer server = Start(new BlockingProtocol(entered, release), new GainOptions
        {
            WorkerCount = 1,
        });
        using Socket blocking = await Clients.ConnectAsync(server);
        for (int storm = 0; storm < 3; storm++)
        {
            entered.Reset();
            release.Reset();
            await Clients.SendAllAsync(blocking, "block"u8.ToArray());
            Assert.That(entered.Wait(Clients.Patience));
            for (int i = 0; i < 500; i++)
            {
                Socket client = await Clients.ConnectAsync(server);
                if (i % 2 == 0)
                {
                    await Clients.SendAllAsync(client, "x"u8.ToArray());
                }

                Clients.Reset(client);
            }

            release.Set();
            using Socket next = await Clients.ConnectAsync(server);
            await Clients.SendAllAsync(next, "x"u8.ToArray());
            await Clients.ReceiveExactlyAsync(next, 1);
        }

        blocking.Dispose();

        // Those that the kernel took out of the queue again count as failed accepts, or as nothing.
        GainStatistics counted = await AwaitAllClosedAsync(server);
        Assert.That(counted.Accepted, Is.AtMost(1_504).And.AtLeast(4));
        Assert.That(counted.SocketErrors, Is.Zero);
    }

    [Test]
    public async Task Many_thousand_connections_leave_no_descriptor_slot_or_memory()
    {
        const int Callers = 4;
        int count = ConnectionsThatLeaveNothing;
        GainServer server = Start(new EchoProtocol(), new GainOptions
        {
            WorkerCount = 2,
            Limits = { MaxConnections = 64 },
        });
        ConnectAndReset(server, 0, 1);
        int before = OpenDescriptors();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(
            client => Task.Run(() => ConnectAndReset(server, client, count / Callers))));
        GainStatistics counted = await AwaitAllClosedAsync(server);

        // The kernel may drop one that is reset before it is accepted; those that were answered it cannot.
        Assert.That(counted.Accepted, Is.AtMost(count + 1).And.AtLeast(count / 4));
        Assert.That(counted.BufferedBytes, Is.AtMost(4 << 20));
        Assert.That(counted.HeldOutboundBytes, Is.Zero);

        // The runtime itself opens and closes one now and then.
        Assert.That(OpenDescriptors(), Is.AtMost(before + 8));
    }

    [Test]
    public async Task Memory_of_large_answers_goes_back_to_the_system()
    {
        // More than the kernel keeps for a connection whose client does not read, and has little room.
        var options = new GainOptions { WorkerCount = 1, Limits = { OutboundHighWatermarkBytes = 12 << 20 } };
        GainServer server = Start(new EchoProtocol(), options);
        byte[] sent = Clients.Pattern(8 << 20, 3);
        var clients = new List<Socket>();
        for (int i = 0; i < 8; i++)
        {
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            {
                ReceiveBufferSize = 64 << 10,
            };
            clients.Add(client);
            await client.ConnectAsync(server.EndPoints[0]).WaitAsync(Clients.Patience);
            await Clients.SendAllAsync(client, sent);
        }

        var filling = System.Diagnostics.Stopwatch.StartNew();
        while (server.Statistics.BufferedBytes < 8 << 20)
        {
            Assert.That(filling.Elapsed, Is.LessThan(Clients.Patience), "the test held next to nothing");
            await Task.Yield();
        }

        await Task.WhenAll(clients.Select(async client =>
        {
            byte[] received = await Clients.ReceiveExactlyAsync(client, sent.Length);
            Assert.That(received.AsSpan().SequenceEqual(sent));
        }));

        // Within two looks of a second each; the test's own patience is the only limit.
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (server.Statistics.BufferedBytes > 4 << 20)
        {
            Assert.That(
                clock.Elapsed, Is.LessThan(Clients.Patience), $"{server.Statistics.BufferedBytes:N0} bytes");
            await Task.Yield();
        }

        clients.ForEach(client => client.Dispose());
    }

    [Test]
    public async Task Large_answer_after_the_clients_FIN_arrives_whole()
    {
        var journal = new Journal();
        byte[] answer = Clients.Pattern(20 << 20, 8);
        var options = new GainOptions
        {
            WorkerCount = 1,
            Limits = { OutboundHighWatermarkBytes = 32 << 20, MaxOutboundBytes = 64 << 20 },
        };
        GainServer server = Start(new AnsweringProtocol(journal, answer), options);
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, new byte[1]);
        client.Shutdown(SocketShutdown.Send);
        byte[] received = await Clients.ReceiveToEndAsync(client);
        Assert.That(received.AsSpan().SequenceEqual(answer), $"{received.Length} bytes");
        Assert.That(await journal.AwaitAsync(1), Is.EqualTo(["close PeerClosed"]));
    }

    [Test]
    public async Task Urgent_byte_is_not_delivered_and_harms_nothing_around_it()
    {
        GainServer server = Start(new EchoProtocol(), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "before"u8.ToArray());
        Assert.That(client.Send("!"u8, SocketFlags.OutOfBand), Is.EqualTo(1));
        await Clients.SendAllAsync(client, "behind"u8.ToArray());
        Assert.That(
            await Clients.ReceiveExactlyAsync(client, 12), Is.EqualTo("beforebehind"u8.ToArray()));
        client.Shutdown(SocketShutdown.Send);
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.Empty);
    }

    private static void ConnectAndReset(GainServer server, int client, int count)
    {
        IPEndPoint endpoint = server.EndPoints[0];
        byte[] data = [(byte)client];
        for (int i = 0; i < count; i++)
        {
            using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);

            // A reset leaves no TIME_WAIT, of which there is a place for some 28,000 only.
            socket.LingerState = new LingerOption(true, 0);
            socket.Connect(endpoint);
            if (i % 4 == 0)
            {
                socket.Send(data);
                Assert.That(socket.Receive(data), Is.EqualTo(1), "the server refused");
            }
        }
    }

    private static int OpenDescriptors() => Directory.GetFiles("/proc/self/fd").Length;

    private static async Task DribbleAsync(Socket socket)
    {
        try
        {
            await socket.SendAsync("x"u8.ToArray());
        }
        catch (SocketException gone)
        {
            Assert.That(gone.SocketErrorCode, Is.AnyOf(SocketError.ConnectionReset, SocketError.Shutdown));
        }
    }

    private static async Task AwaitEndAsync(Socket socket)
    {
        try
        {
            Assert.That(await Clients.ReceiveToEndAsync(socket), Is.Empty);
        }
        catch (SocketException gone)
        {
            Assert.That(gone.SocketErrorCode, Is.EqualTo(SocketError.ConnectionReset));
        }
    }

    private static async Task FloodAsync(Socket flooder, CancellationToken stop)
    {
        byte[] data = new byte[64 << 10];
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await flooder.SendAsync(data, stop);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException
            or ObjectDisposedException)
        {
            Assert.That(stop.IsCancellationRequested, $"the server closed the flooder: {end.Message}");
        }
    }
}
