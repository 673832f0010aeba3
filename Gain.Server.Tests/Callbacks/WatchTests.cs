using System.Diagnostics;
using System.Net.Sockets;

namespace Gain.Tests.Server;

/// <summary>What is seen of a server from outside its workers, when a callback does not return.</summary>
public class WatchTests(GainRing ring) : ServerTest(ring)
{
    [TestCase(GainArchitecture.Sharding)]
    [TestCase(GainArchitecture.Reactor)]
    public async Task Callback_that_does_not_return_is_warned_of_while_it_runs_and_a_stop_names_it(
        GainArchitecture architecture)
    {
        string[] before = Descriptors.OfGain();
        var hold = new Hold();
        var logger = new RecordingLogger();

        // Not by the fixture's own means: the stop of this one fails.
        GainServer server = GainServer.Start(new StuckProtocol(hold), Address, new GainOptions
        {
            WorkerCount = 1,
            Ring = Ring,
            Architecture = architecture,
            Logger = logger,
            SlowTurnWarning = TimeSpan.FromMilliseconds(20),
        });
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "x"u8.ToArray());

        string[] warnings = await logger.Messages.AwaitAsync(2);
        Assert.That(
            warnings[0], Does.StartWith("Warning: Worker 0 has been in callbacks of StuckProtocol for "));
        Assert.That(warnings[0], Does.Contain($"for {client.LocalEndPoint}"));
        Assert.That(warnings[1], Does.Contain("StuckProtocol"), "again, later");

        GainException stuck = Assert.ThrowsAsync<GainException>(
            () => server.StopAsync(TimeSpan.Zero).WaitAsync(Clients.Patience))!;
        Assert.That(stuck.ErrorCode, Is.EqualTo(GainError.WorkerStuck));
        Assert.That(stuck.Message, Does.Contain("worker 0").And.Contain("StuckProtocol"));
        Assert.That(stuck.Message, Does.Contain($"{client.LocalEndPoint}"));
        Assert.That(logger.Messages.Entries, Has.Some.Contains(stuck.Message));

        // When it returns after all, everything is freed, as the fixture sees.
        hold.IsOver = true;
        await AwaitAllClosedAsync(server);
        await AwaitAsync(() => Descriptors.OfGain().SequenceEqual(before), "rings and eventfds left open");
    }

    [Test]
    public async Task Datagram_callback_that_does_not_return_is_warned_of_too()
    {
        var hold = new Hold();
        var logger = new RecordingLogger();
        var options = new GainOptions
        {
            WorkerCount = 1,
            Ring = Ring,
            Logger = logger,
            SlowTurnWarning = TimeSpan.FromMilliseconds(20),
        };
        GainServer server = GainServer.Start(new StuckDatagramProtocol(hold), "udp://127.0.0.1:0", options);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await client.SendToAsync("x"u8.ToArray(), server.EndPoints[0]);
        Assert.That(
            (await logger.Messages.AwaitAsync(1))[0],
            Does.Contain("callbacks of StuckDatagramProtocol").And.Contain("for a datagram"));
        hold.IsOver = true;
        await server.StopAsync().WaitAsync(Clients.Patience);
    }

    [Test]
    public void Balancer_that_does_not_return_is_named()
    {
        var hold = new Hold();
        var logger = new RecordingLogger();
        GainServer server = Start(
            new EchoProtocol(),
            new GainOptions
            {
                WorkerCount = 1,
                Architecture = GainArchitecture.Reactor,
                Logger = logger,
                SlowTurnWarning = TimeSpan.FromMilliseconds(20),
            },
            new StuckBalancer(hold));
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(server.EndPoints[0]);
        Assert.That(
            logger.Messages.AwaitAsync(1).Result[0],
            Does.StartWith("Warning: The acceptor has been in callbacks of StuckBalancer"));
        hold.IsOver = true;
    }

    [Test]
    public void End_of_a_stop_needs_no_thread_of_the_pool()
    {
        GainServer server = Start(new EchoProtocol(), new GainOptions { WorkerCount = 2 });
        ThreadPool.GetMaxThreads(out int workers, out int completions);

        // Not disposed: the last of what is queued begins when the test is over.
        var over = new ManualResetEventSlim();
        bool hasEnded = false;
        bool hasWaited = false;
        try
        {
            // More than there may be threads, and before whatever the stop could queue.
            Assert.That(ThreadPool.SetMaxThreads(Environment.ProcessorCount, completions));
            for (int i = 0; i < 4 * Environment.ProcessorCount; i++)
            {
                ThreadPool.UnsafeQueueUserWorkItem(
                    _ => over.Wait(), null);
            }

            hasEnded = server.StopAsync().Wait(TimeSpan.FromSeconds(20));
            hasWaited = server.WaitForShutdownAsync().Wait(TimeSpan.FromSeconds(20));
        }
        finally
        {
            over.Set();
            ThreadPool.SetMaxThreads(workers, completions);
        }

        Assert.That(hasEnded, "the stop");
        Assert.That(hasWaited, "WaitForShutdownAsync");
    }

    [TestCase(GainArchitecture.Sharding)]
    [TestCase(GainArchitecture.Reactor)]
    public async Task Callbacks_do_not_run_in_the_context_of_whoever_started_the_server(
        GainArchitecture architecture)
    {
        var journal = new Journal();
        StarterContextProtocol.Value.Value = "the starter's";
        GainServer server = Start(
            new StarterContextProtocol(journal),
            new GainOptions { WorkerCount = 1, Architecture = architecture });
        using Socket client = await Clients.ConnectAsync(server);
        Assert.That(await journal.AwaitAsync(1), Is.EqualTo(["none"]));
    }

    [Test]
    public async Task Server_that_a_callback_starts_leaves_it_a_callback_of_its_own_server()
    {
        var journal = new Journal();
        var server = new ServerHolder { Ring = Ring };
        server.Outer = Start(new NestingProtocol(journal, server), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server.Outer);
        await Clients.SendAllAsync(client, "x"u8.ToArray());
        Assert.That(await journal.AwaitAsync(1), Is.EqualTo(["ended: True"]));
        await server.Inner!.StopAsync().WaitAsync(Clients.Patience);
    }

    private static async Task AwaitAsync(Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.That(clock.Elapsed, Is.LessThan(Clients.Patience), what);
            await Task.Yield();
        }
    }
}

/// <summary>What a callback spins on.</summary>
internal sealed class Hold
{
    private volatile bool _isOver;

    public bool IsOver
    {
        get => _isOver;
        set => _isOver = value;
    }
}

internal sealed class ServerHolder
{
    public GainRing Ring { get; init; }

    public GainServer? Outer { get; set; }

    public GainServer? Inner { get; set; }
}

[GainProtocol]
internal partial struct StuckProtocol(Hold hold)
{
    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        while (!hold.IsOver)
        {
            Thread.Yield();
        }

        connection.Send(data);
    }
}

[GainProtocol]
internal partial struct StuckDatagramProtocol(Hold hold)
{
    private readonly void OnDatagram(Datagram datagram, ReadOnlySpan<byte> data)
    {
        while (!hold.IsOver)
        {
            Thread.Yield();
        }
    }
}

internal struct StuckBalancer(Hold hold) : IBalancer
{
    public int Pick(GainAddress peer, WorkerLoads loads)
    {
        while (!hold.IsOver)
        {
            Thread.Yield();
        }

        return 0;
    }
}

[GainProtocol]
internal partial struct StarterContextProtocol(Journal journal)
{
    public static readonly AsyncLocal<string> Value = new();

    private readonly void OnAccept(Connection connection) => journal.Add(Value.Value ?? "none");
}

[GainProtocol]
internal partial struct NestingProtocol(Journal journal, ServerHolder server)
{
    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        server.Inner = GainServer.Start(
            new EchoProtocol(), "tcp://127.0.0.1:0", new GainOptions { WorkerCount = 1, Ring = server.Ring });
        journal.Add($"ended: {server.Outer!.StopAsync().IsCompleted}");
    }
}
