using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Server;

[NonParallelizable]
public class WorkerFailureTests
{
    [Test]
    public async Task Failed_worker_closes_its_connections_and_stops_the_server_with_the_reason()
    {
        // Only an io_uring can be told of a completion from outside.
        RingAvailability.Require(GainRing.Uring);
        int[] before = Descriptors.Rings();
        var journal = new Journal();
        var logger = new RecordingLogger();
        var options = new GainOptions { WorkerCount = 1, Logger = logger, Ring = GainRing.Uring };
        GainServer server = GainServer.Start(new FaultyProtocol(journal), "tcp://127.0.0.1:0", options);
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "x"u8.ToArray());
        await Clients.ReceiveExactlyAsync(client, 1);

        await FailUringAsync(server, before);

        GainException failed = Assert.ThrowsAsync<GainException>(
            () => server.WaitForShutdownAsync().WaitAsync(Clients.Patience))!;
        Assert.That(failed.ErrorCode, Is.EqualTo(GainError.WorkerFailed));
        Assert.That(failed.InnerException!.Message, Does.Contain("no known operation"));
        Assert.That(server.IsRunning, Is.False);
        Assert.That(server.ActiveConnections, Is.Zero);
        Assert.That(await journal.AwaitAsync(1), Has.Length.EqualTo(1));
        Assert.That(journal.Entries[0], Does.StartWith("close Aborted A completion for no known operation"));
        Assert.That(logger.Messages.Entries, Has.Some.StartsWith("Critical"));
        Assert.That(() => Clients.ReceiveToEndAsync(client), Throws.InstanceOf<SocketException>());
        Assert.That(Descriptors.Rings(), Is.EqualTo(before));
    }

    [Test]
    public async Task Failed_worker_over_epoll_closes_its_connections_and_stops_the_server()
    {
        string[] all = Descriptors.OfGain();
        int[] before = Descriptors.EpollSets();
        var journal = new Journal();
        var logger = new RecordingLogger();
        var options = new GainOptions { WorkerCount = 1, Logger = logger, Ring = GainRing.Epoll };
        GainServer server = GainServer.Start(new FaultyProtocol(journal), "tcp://127.0.0.1:0", options);
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "x"u8.ToArray());
        await Clients.ReceiveExactlyAsync(client, 1);

        FailEpoll(before);
        try
        {
            // Wakes the worker, should it be waiting already.
            await Clients.SendAllAsync(client, "x"u8.ToArray());
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            // It was not, and the refusal has come before.
        }

        GainException failed = Assert.ThrowsAsync<GainException>(
            () => server.WaitForShutdownAsync().WaitAsync(Clients.Patience))!;
        Assert.That(failed.ErrorCode, Is.EqualTo(GainError.WorkerFailed));
        Assert.That(failed.InnerException!.Message, Does.Contain("epoll_wait"));
        Assert.That(server.ActiveConnections, Is.Zero);
        Assert.That((await journal.AwaitAsync(1))[^1], Does.StartWith("close Aborted"));
        Assert.That(logger.Messages.Entries, Has.Some.StartsWith("Critical"));
        Assert.That(Descriptors.OfGain(), Is.EqualTo(all));
    }

    [TestCase(GainRing.Uring)]
    [TestCase(GainRing.Epoll)]
    public async Task Posts_after_a_workers_failure_go_nowhere_and_hold_no_memory(GainRing ring)
    {
        RingAvailability.Require(ring);
        var handles = new BlockingCollection<ConnectionHandle>();
        int[] before = ring == GainRing.Uring ? Descriptors.Rings() : Descriptors.EpollSets();
        var options = new GainOptions { WorkerCount = 1, Logger = new RecordingLogger(), Ring = ring };
        options.Limits.MailboxCapacity = 16;
        GainServer server = GainServer.Start(
            new PostedProtocol(handles, new Journal()), "tcp://127.0.0.1:0", options);
        using Socket client = await Clients.ConnectAsync(server);
        Assert.That(handles.TryTake(out ConnectionHandle handle, Clients.Patience));

        // Another thread posts all the while: what it posts is delivered, refused, or let go.
        int isOver = 0;
        Task posting = Task.Run(() =>
        {
            while (Volatile.Read(ref isOver) == 0)
            {
                _ = handle.TrySend("meanwhile"u8);
                _ = handle.TryPost(new Order(1, "meanwhile"));
            }
        });
        try
        {
            if (ring == GainRing.Uring)
            {
                await FailUringAsync(server, before);
            }
            else
            {
                FailEpoll(before);
            }

            Assert.That(
                async () => await server.WaitForShutdownAsync().WaitAsync(Clients.Patience),
                Throws.TypeOf<GainException>()
                    .With.Property(nameof(GainException.ErrorCode)).EqualTo(GainError.WorkerFailed));
        }
        finally
        {
            Volatile.Write(ref isOver, 1);
            await posting.WaitAsync(Clients.Patience);
        }

        long held = server.Statistics.BufferedBytes;
        for (int i = 0; i < 100; i++)
        {
            Assert.That(handle.TrySend("late"u8), "as to a connection that is gone");
            Assert.That(handle.TryPost(new Order(i, "late")));
            Assert.That(handle.TryResumeReading());
            Assert.That(handle.TryClose());
        }

        Assert.That(server.Statistics.BufferedBytes, Is.EqualTo(held));
        Assert.That(server.ActiveConnections, Is.Zero);
    }

    // Of an address that does not answer, as a full accept queue does not, and of a name that is looked up.
    [TestCase(GainRing.Uring)]
    [TestCase(GainRing.Epoll)]
    public async Task Failed_worker_gives_up_what_it_dials(GainRing ring)
    {
        RingAvailability.Require(ring);
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        silent.Listen(0);
        using var waiting = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await waiting.ConnectAsync(silent.LocalEndPoint!).WaitAsync(Clients.Patience);
        int[] before = ring == GainRing.Uring ? Descriptors.Rings() : Descriptors.EpollSets();
        var addresses = new TaskCompletionSource<System.Net.IPAddress[]>();
        Task<System.Net.IPAddress[]> loopback = Task.FromResult(new[] { System.Net.IPAddress.Loopback });
        var journal = new Journal();
        GainClient<Dialling.Upstream> client = GainClient.Start(
            new Dialling.Upstream(journal),
            new DialOptions { Resolver = name => name == "late.test" ? addresses.Task : loopback },
            new GainOptions { WorkerCount = 1, Logger = new RecordingLogger(), Ring = ring });
        int port = ((System.Net.IPEndPoint)silent.LocalEndPoint!).Port;
        Task<ConnectionHandle>[] dials =
        [
            client.DialAsync(DialTarget.Parse($"tcp://127.0.0.1:{port}")),
            client.DialAsync(DialTarget.Parse($"tcp://silent.test:{port}")),
            client.DialAsync(DialTarget.Parse($"tcp://late.test:{port}")),
        ];
        Assert.That(SpinWait.SpinUntil(() => CountConnecting(port) == 2, Clients.Patience));
        if (ring == GainRing.Uring)
        {
            await FailUringAsync(client.Server, before);
        }
        else
        {
            FailEpoll(before);

            // Wakes it: the set that it waits on is gone.
            dials = [.. dials, client.DialAsync(DialTarget.Parse($"tcp://127.0.0.1:{port}"))];
        }

        foreach (Task<ConnectionHandle> dial in dials)
        {
            Assert.That(
                async () => await dial.WaitAsync(Clients.Patience), Throws.TypeOf<GainException>());
        }

        Assert.That(
            async () => await client.Server.WaitForShutdownAsync().WaitAsync(Clients.Patience),
            Throws.TypeOf<GainException>());

        // The one that wakes an epoll set finds no set to wait with.
        await journal.AwaitAsync(entry => entry == "failed Cancelled 0", 3);
        Assert.That(SpinWait.SpinUntil(() => CountConnecting(port) == 0, Clients.Patience));

        // The answer comes to a worker that is no more.
        addresses.SetResult([System.Net.IPAddress.Loopback]);
    }

    // Sockets in the state SYN_SENT, which is 02 in proc(5), that connect to a port.
    private static int CountConnecting(int port) => File.ReadLines("/proc/net/tcp")
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Count(fields => fields[3] == "02" && fields[2].EndsWith($":{port:X4}", StringComparison.Ordinal));

    // A completion that the worker never asked for: what a defect of the engine would look like.
    private static async Task FailUringAsync(GainServer server, int[] before)
    {
        foreach (int ring in Descriptors.Rings().Except(before))
        {
            int result = Ring.SendMessage(ring, 0, 0);
            if (result == -Errno.EINVAL)
            {
                await server.StopAsync();
                Assert.Ignore("This kernel cannot send messages to a ring without one (Linux 6.13).");
            }

            Assert.That(result, Is.Zero);
        }
    }

    // Something else takes the place of the epoll set: the next wait on it is refused.
    private static void FailEpoll(int[] before)
    {
        int other = Libc.EventFd(0, Libc.EFD_CLOEXEC);
        Assert.That(Duplicate(other, Descriptors.EpollSets().Except(before).Single()), Is.Positive);
        Libc.Close(other);
    }

    [DllImport("libc", EntryPoint = "dup2")]
    private static extern int Duplicate(int descriptor, int place);
}
