using System.Net.Sockets;
using Gain.CompilerServices;
using Gain.Kernel;
using Gain.Rings;
using Gain.Uring;
using Gain.Workers;

namespace Gain.Tests.Server.Overload;

/// <summary>A worker that dies takes the server with it, loudly: a shard is never lost in silence.</summary>
[NonParallelizable]
[TestFixture(GainRing.Uring)]
[TestFixture(GainRing.Epoll)]
public class WorkerDeathTests(GainRing ring)
{
    private const int Workers = 2;

    [OneTimeSetUp]
    public void RequireRing() => RingAvailability.Require(ring);

    [Test]
    public async Task One_dead_worker_of_two_stops_the_server_and_is_named()
    {
        string[] before = Descriptors.OfGain();
        var journal = new Journal();
        var logger = new RecordingLogger();
        var options = new GainOptions { WorkerCount = Workers, Logger = logger, Ring = ring };
        GainServer server = GainServer.Start(new MortalProtocol(journal), "tcp://127.0.0.1:0", options);
        List<Socket> clients = await ConnectToAllWorkersAsync(server, journal);
        Task waiting = server.WaitForShutdownAsync();
        await Clients.SendAllAsync(clients[0], "die"u8.ToArray());

        GainException failed =
            Assert.ThrowsAsync<GainException>(() => waiting.WaitAsync(Clients.Patience))!;
        Assert.That(failed.ErrorCode, Is.EqualTo(GainError.WorkerFailed));
        Assert.That(failed.Message, Does.Match("^Worker [01] failed").And.Contain(MortalProtocol.Cause));
        string dead = failed.Message[..8];
        Assert.That(
            logger.Messages.Entries,
            Has.Exactly(1).StartsWith($"Critical: {dead} of MortalProtocol failed")
                .And.Exactly(1).StartsWith("Critical"));
        Assert.That(() => server.StopAsync(), Throws.InstanceOf<GainException>());

        // Also those of the worker that lives: each has heard of its end, and none of them goes on.
        Assert.That(server.IsRunning, Is.False);
        Assert.That(server.ActiveConnections, Is.Zero);
        Assert.That(server.Statistics.Closed, Is.EqualTo(clients.Count));
        string[] entries = journal.Entries;
        Assert.That(entries.Count(entry => entry.StartsWith("close")), Is.EqualTo(clients.Count));
        Assert.That(Descriptors.OfGain(), Is.EqualTo(before));
        foreach (Socket client in clients)
        {
            await Clients.AssertEndedAsync(client);
        }

        // The address is free again, for a server that works.
        var address = server.EndPoints[0];
        await using GainServer next =
            GainServer.Listen(new EchoProtocol(), address).Start(new GainOptions { Ring = ring });
        using Socket served = await Clients.ConnectAsync(next);
        await Clients.SendAllAsync(served, "x"u8.ToArray());
        await Clients.ReceiveExactlyAsync(served, 1);
    }

    [Test]
    public async Task A_fault_of_the_engine_itself_ends_one_connection_and_the_others_go_on()
    {
        var journal = new Journal();
        var logger = new RecordingLogger();
        var options = new GainOptions { WorkerCount = 1, Logger = logger, Ring = ring };
        await using GainServer server =
            GainServer.Start(new MortalProtocol(journal), "tcp://127.0.0.1:0", options);
        using Socket other = await Clients.ConnectAsync(server);
        using Socket client = await Clients.ConnectAsync(server);
        await journal.AwaitAsync(2);
        await Clients.SendAllAsync(client, "fail"u8.ToArray());
        await journal.AwaitAsync(3);

        Assert.That(journal.Entries[2], Is.EqualTo($"close {nameof(CloseReason.EngineFault)}"));
        await Clients.AssertEndedAsync(client);
        Assert.That(server.Statistics.EngineFaults, Is.EqualTo(1));
        Assert.That(server.Statistics.HandlerFaults, Is.Zero);
        const string served = "Error: Gain failed on worker 0 while it served 127.0.0.1:";
        Assert.That(
            logger.Messages.Entries,
            Has.Exactly(1).StartsWith(served).And.Exactly(1).Contains(" with MortalProtocol, ")
                .And.None.StartsWith("Critical"));
        await Clients.SendAllAsync(other, "fail"u8.ToArray());
        await journal.AwaitAsync(4);
        Assert.That(server.IsRunning);
    }

    private static async Task<List<Socket>> ConnectToAllWorkersAsync(GainServer server, Journal journal)
    {
        var clients = new List<Socket>();
        while (journal.Entries.Distinct().Count() < Workers)
        {
            clients.Add(await Clients.ConnectAsync(server));
            await journal.AwaitAsync(clients.Count);
        }

        return clients;
    }
}

/// <summary>
/// What a generator would write, but for the end: after "die" the completion throws outside of every
/// callback, as a ring that has failed would, and after "fail", as a defect of Gain's own would.
/// </summary>
internal struct MortalProtocol(Journal journal) : IProtocol<MortalProtocol>
{
    public const string Cause = "died as asked";

    [ThreadStatic]
    private static bool s_dies;

    [ThreadStatic]
    private static bool s_fails;

    public static Callbacks Declared => Callbacks.Accept | Callbacks.Read | Callbacks.Close;

    public static void Complete<TWorker>(TWorker worker, CompletionEntry completion)
        where TWorker : struct, IWorker
    {
        switch (Token.OperationOf(completion))
        {
            case Operation.Receive:
                worker.HandleReceive(completion);
                break;
            case Operation.Send:
                worker.HandleSend(completion);
                break;
            default:
                worker.HandleOther(completion);
                break;
        }

        if (s_dies)
        {
            s_dies = false;
            throw new RingException("io_uring_enter", Errno.EBADR, Cause);
        }

        if (s_fails)
        {
            s_fails = false;
            throw new InvalidOperationException(Cause);
        }
    }

    public static void Start(ref MortalProtocol prototype, object server)
    {
    }

    public static void CreatePerWorker(PerWorkerBuilder builder)
    {
    }

    public static void Accept(ref MortalProtocol handler, Connection connection) =>
        handler.Tell($"accept {connection.WorkerIndex}");

    public static int Read(ref MortalProtocol handler, Connection connection, ReadOnlySpan<byte> data)
    {
        s_dies = data.SequenceEqual("die"u8);
        s_fails = data.SequenceEqual("fail"u8);
        return data.Length;
    }

    public static void Write(ref MortalProtocol handler, Connection connection, int bytes)
    {
    }

    public static void Drained(ref MortalProtocol handler, Connection connection)
    {
    }

    public static void ReadClosed(ref MortalProtocol handler, Connection connection)
    {
    }

    public static void Timer(ref MortalProtocol handler, Connection connection)
    {
    }

    public static void ProtocolError(
        ref MortalProtocol handler, Connection connection, ProtocolError error)
    {
    }

    public static void Close(ref MortalProtocol handler, Connection connection, CloseReason reason) =>
        handler.Tell($"close {reason}");

    private readonly void Tell(string entry) => journal.Add(entry);
}
