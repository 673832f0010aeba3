using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Gain.Tests.Server;

/// <summary>What other threads send and post to connections.</summary>
public class PostingTests(GainRing ring) : ServerTest(ring)
{
    [Test]
    public async Task Bytes_of_one_thread_arrive_in_order_and_before_its_close()
    {
        var handles = new BlockingCollection<ConnectionHandle>();
        GainServer server = Start(new PostedProtocol(handles, new Journal()));
        using Socket client = await Clients.ConnectAsync(server);
        ConnectionHandle handle = Take(handles);
        byte[] bytes = Clients.Pattern(200_000, 1);
        Assert.That(handle.TrySend([]));
        for (int sent = 0; sent < bytes.Length; sent += 1_000)
        {
            Assert.That(handle.TrySend(bytes.AsSpan(sent, 1_000), out PostFailure failure), $"{failure}");
        }

        Assert.That(handle.TryClose());
        Assert.That(handle.TrySend("late"u8), "what comes after the close is dropped, and no failure");
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.EqualTo(bytes));
        await AssertNothingHeldAsync(server);
    }

    [Test]
    public async Task Messages_bytes_and_close_keep_their_order()
    {
        var handles = new BlockingCollection<ConnectionHandle>();
        GainServer server = Start(new PostedProtocol(handles, new Journal()));
        using Socket client = await Clients.ConnectAsync(server);
        ConnectionHandle handle = Take(handles);
        for (int i = 0; i < 100; i++)
        {
            Assert.That(handle.TryPost(new Order(i, "m")));
            Assert.That(handle.TrySend("b"u8));
        }

        Assert.That(handle.TryClose());
        byte[] received = await Clients.ReceiveToEndAsync(client);
        Assert.That(received, Has.Length.EqualTo(500));
        for (int i = 0; i < 100; i++)
        {
            Assert.That(BinaryPrimitives.ReadInt32LittleEndian(received.AsSpan(i * 5)), Is.EqualTo(i));
            Assert.That(received[(i * 5) + 4], Is.EqualTo((byte)'b'));
        }
    }

    [Test]
    public async Task Exception_in_OnMessage_closes_that_connection_only()
    {
        var handles = new BlockingCollection<ConnectionHandle>();
        var journal = new Journal();
        GainServer server = Start(
            new PostedProtocol(handles, journal),
            new GainOptions { WorkerCount = 1, Logger = new RecordingLogger() });
        using Socket bystander = await Clients.ConnectAsync(server);
        ConnectionHandle other = Take(handles);
        using Socket client = await Clients.ConnectAsync(server);
        ConnectionHandle handle = Take(handles);
        Assert.That(handle.TryPost(new Order(-1, "throws")));
        Assert.That(handle.TryPost(new Order(1, "dropped")));
        Assert.That(other.TryPost(new Order(7, "delivered")));

        Assert.That(await journal.AwaitAsync(1), Is.EqualTo(new[] { "HandlerFault throws" }));
        byte[] answer = await Clients.ReceiveExactlyAsync(bystander, 4);
        Assert.That(answer, Is.EqualTo(new byte[] { 7, 0, 0, 0 }));
        Assert.That(server.Statistics.HandlerFaults, Is.EqualTo(1));
    }

    [Test]
    public async Task Wrong_type_of_message_is_an_exception_that_names_both()
    {
        var handles = new BlockingCollection<ConnectionHandle>();
        GainServer server = Start(new PostedProtocol(handles, new Journal()));
        using Socket client = await Clients.ConnectAsync(server);
        ConnectionHandle handle = Take(handles);
        Assert.That(
            () => handle.TryPost(5),
            Throws.InvalidOperationException.With.Message.Contains("System.Int32")
                .And.Message.Contains(typeof(Order).FullName!));

        var silent = new BlockingCollection<ConnectionHandle>();
        GainServer without = Start(new HandleProtocol(silent));
        using Socket second = await Clients.ConnectAsync(without);
        ConnectionHandle deaf = Take(silent);
        Assert.That(
            () => deaf.TryPost(5),
            Throws.InvalidOperationException.With.Message.Contains("declares no OnMessage"));
        Assert.That(default(ConnectionHandle).TryPost(5), Is.False);
        Assert.That(default(ConnectionHandle).TrySend("x"u8, out PostFailure failure), Is.False);
        Assert.That(failure, Is.EqualTo(PostFailure.NoConnection));
    }

    [Test]
    public async Task Limits_tell_themselves_apart()
    {
        var handles = new BlockingCollection<ConnectionHandle>();
        using var entered = new ManualResetEventSlim();
        using var released = new ManualResetEventSlim();
        GainServer server = Start(
            new BlockedProtocol(handles, entered, released),
            new GainOptions
            {
                WorkerCount = 1,
                Limits = { MailboxCapacity = 2, MaxPostedBytesPerWorker = 1_000 },
            });
        using Socket client = await Clients.ConnectAsync(server);
        ConnectionHandle handle = Take(handles);
        await Clients.SendAllAsync(client, "x"u8.ToArray());
        Assert.That(entered.Wait(Clients.Patience));
        try
        {
            Assert.That(FailureOf(handle, 1_001), Is.EqualTo(PostFailure.TooLarge));
            Assert.That(FailureOf(handle, 900), Is.EqualTo(PostFailure.None));
            Assert.That(FailureOf(handle, 101), Is.EqualTo(PostFailure.MemoryFull));
            Assert.That(FailureOf(handle, 100), Is.EqualTo(PostFailure.None));
            Assert.That(FailureOf(handle, 1), Is.EqualTo(PostFailure.MailboxFull));
            Assert.That(handle.TryClose(), Is.False);
        }
        finally
        {
            released.Set();
        }

        await Clients.ReceiveExactlyAsync(client, 1_000);
        await AssertNothingHeldAsync(server);
    }

    [Test]
    public async Task What_was_posted_before_the_stop_is_written_and_what_comes_after_is_freed()
    {
        var handles = new BlockingCollection<ConnectionHandle>();
        GainServer server = Start(new PostedProtocol(handles, new Journal()));
        using Socket client = await Clients.ConnectAsync(server);
        ConnectionHandle handle = Take(handles);
        Assert.That(handle.TryPost(new Order(5, "")));
        Assert.That(handle.TrySend("end"u8));
        Task stopped = server.StopAsync();
        byte[] received = await Clients.ReceiveToEndAsync(client);
        client.Close();
        await stopped.WaitAsync(Clients.Patience);

        Assert.That(received, Is.EqualTo(new byte[] { 5, 0, 0, 0, (byte)'e', (byte)'n', (byte)'d' }));
        for (int i = 0; i < 10_000; i++)
        {
            Assert.That(handle.TrySend("gone"u8));
            Assert.That(handle.TryPost(new Order(i, "gone")));
            Assert.That(handle.TryClose());
        }

        Assert.That(server.Statistics.BufferedBytes, Is.Zero);
    }

    [Test]
    public async Task Many_threads_post_to_closing_connections_while_the_server_stops()
    {
        var handles = new BlockingCollection<ConnectionHandle>();
        GainServer server = Start(
            new PostedProtocol(handles, new Journal()),
            new GainOptions { WorkerCount = 2, Limits = { MailboxCapacity = 64 } });
        int isOver = 0;
        Task[] posters =
        [
            .. Enumerable.Range(0, 4).Select(seed => Task.Run(() =>
            {
                var random = new Random(seed);
                byte[] bytes = Clients.Pattern(3_000, seed);
                while (Volatile.Read(ref isOver) == 0)
                {
                    ConnectionHandle[] all = handles.ToArray();
                    ConnectionHandle handle = all.Length == 0 ? default : all[random.Next(all.Length)];
                    _ = handle.TrySend(bytes.AsSpan(0, random.Next(bytes.Length)));
                    _ = handle.TryPost(new Order(seed, "s"));
                    _ = random.Next(50) == 0 && handle.TryAbort();
                }
            })),
        ];
        try
        {
            for (int i = 0; i < 100; i++)
            {
                await ConnectAndLeaveAsync(server);
            }

            await server.StopAsync(TimeSpan.Zero).WaitAsync(Clients.Patience);
        }
        finally
        {
            Volatile.Write(ref isOver, 1);
            await Task.WhenAll(posters).WaitAsync(Clients.Patience);
        }

        Assert.That(server.Statistics.BufferedBytes, Is.Zero);
        Assert.That(server.Statistics.HandlerFaults, Is.Zero);
    }

    [Test]
    public async Task Paused_connection_delivers_in_order_what_it_held_when_it_resumes()
    {
        var handles = new BlockingCollection<ConnectionHandle>();
        GainServer server = Start(new PausingProtocol(handles), new GainOptions { WorkerCount = 2 });
        Task[] clients =
        [
            .. Enumerable.Range(0, 8).Select(async seed =>
            {
                using Socket client = await Clients.ConnectAsync(server);
                byte[] bytes = Clients.Pattern(100_000, seed);
                Task sending = Clients.SendAllAsync(client, bytes);
                Assert.That(await Clients.ReceiveExactlyAsync(client, bytes.Length), Is.EqualTo(bytes));
                await sending;
            }),
        ];
        Task resuming = Task.Run(() =>
        {
            foreach (ConnectionHandle handle in handles.GetConsumingEnumerable())
            {
                Assert.That(handle.TryResumeReading());
            }
        });
        await Task.WhenAll(clients).WaitAsync(Clients.Patience);
        await server.StopAsync().WaitAsync(Clients.Patience);
        handles.CompleteAdding();
        await resuming.WaitAsync(Clients.Patience);
    }

    private static async Task ConnectAndLeaveAsync(GainServer server)
    {
        try
        {
            using Socket client = await Clients.ConnectAsync(server);
            await client.SendAsync("x"u8.ToArray());
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.ConnectionReset)
        {
            // A poster aborts connections, this one among them.
        }
    }

    private static PostFailure FailureOf(ConnectionHandle handle, int length)
    {
        bool isPosted = handle.TrySend(new byte[length], out PostFailure failure);
        Assert.That(isPosted, Is.EqualTo(failure == PostFailure.None));
        return failure;
    }

    private static async Task AssertNothingHeldAsync(GainServer server)
    {
        await server.StopAsync(TimeSpan.Zero).WaitAsync(Clients.Patience);
        Assert.That(server.Statistics.BufferedBytes, Is.Zero);
    }

    private static ConnectionHandle Take(BlockingCollection<ConnectionHandle> handles)
    {
        Assert.That(handles.TryTake(out ConnectionHandle handle, Clients.Patience));
        return handle;
    }
}

/// <summary>A message with a reference, which the mailbox has to let go.</summary>
internal readonly record struct Order(int Number, string Text);

/// <summary>Answers messages with their numbers; a negative one is an exception.</summary>
[GainProtocol]
internal partial struct PostedProtocol(BlockingCollection<ConnectionHandle> handles, Journal journal)
{
    private readonly void OnAccept(Connection connection) => handles.Add(connection.Handle);

    private static void OnMessage(in Order order, Connection connection)
    {
        if (order.Number < 0)
        {
            throw new InvalidOperationException(order.Text);
        }

        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, order.Number);
        connection.Send(bytes);
    }

    private readonly void OnClose(Connection connection, CloseReason reason)
    {
        if (connection.Fault is { } fault)
        {
            journal.Add($"{reason} {fault.Message}");
        }
    }
}

/// <summary>Holds its worker in OnRead until the test lets it go on.</summary>
[GainProtocol]
internal partial struct BlockedProtocol(
    BlockingCollection<ConnectionHandle> handles, ManualResetEventSlim entered, ManualResetEventSlim released)
{
    private readonly void OnAccept(Connection connection) => handles.Add(connection.Handle);

    private readonly void OnRead()
    {
        entered.Set();
        released.Wait(Clients.Patience);
    }
}

/// <summary>Answers and pauses after each read, until another thread resumes it.</summary>
[GainProtocol]
internal partial struct PausingProtocol(BlockingCollection<ConnectionHandle> handles)
{
    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        connection.Send(data);
        connection.PauseReading();
        handles.Add(connection.Handle);
    }
}
