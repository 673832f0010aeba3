using Gain.CompilerServices;
using Gain.Kernel;
using Gain.Mail;
using Gain.Memory;
using Gain.Rings;
using Gain.Slots;
using Gain.Sockets;
using Gain.Tests.Rings;
using Gain.Tests.Server;
using Gain.Workers;

namespace Gain.Tests.Workers;

/// <summary>The acceptor's ways out of what fails, on a ring that is played.</summary>
public sealed class AcceptorErrorTests
{
    private const int Worker = 0;

    // Where the limiters' first five have gathered.
    private const long LaterMs = 1_000_000;

    private Mailbox _mailbox = new(16);

    [SetUp]
    public void NewMailbox() => _mailbox = new Mailbox(16);

    [TestCase(Errno.EMFILE)]
    [TestCase(Errno.ENFILE)]
    [TestCase(Errno.ENOBUFS)]
    [TestCase(Errno.ENOMEM)]
    public void Without_descriptors_it_waits_longer_each_time_and_begins_anew_after_a_success(int error)
    {
        (PlayedLoop loop, WorkerCounters counters, string[] said) = Run(
            [-error, -error, -error, -error, -error, -error, 70, -error, -error, 71]);
        Assert.That(loop.WaitsMs, Is.EqualTo(new long[] { 10, 20, 40, 80, 100, 100, 10, 20 }));
        Assert.That(counters.AcceptErrors, Is.EqualTo(8));
        Assert.That(said, Has.Some.Contains(Errno.Name(error)));
        Assert.That(TakeSockets(), Is.EqualTo(new[] { 70, 71 }));
        Assert.That(loop.Closed, Is.EqualTo(new[] { 7 }), "the listener, and no connection");
    }

    [TestCase(Errno.ECONNABORTED)]
    [TestCase(Errno.EPROTO)]
    [TestCase(Errno.EPERM)]
    public void An_error_of_one_connection_costs_that_one_only(int error)
    {
        (PlayedLoop loop, WorkerCounters counters, _) = Run([70, -error, 71]);
        Assert.That(loop.WaitsMs, Is.Empty);
        Assert.That(counters.AcceptErrors, Is.EqualTo(1));
        Assert.That(TakeSockets(), Is.EqualTo(new[] { 70, 71 }));
    }

    [Test]
    public void What_is_accepted_sooner_than_the_rate_allows_waits_for_its_moment_and_so_do_the_next()
    {
        (PlayedLoop loop, WorkerCounters counters, _) = Run([70, 71, 72], options =>
        {
            options.Accepting.MaxPerSecond = 10;
        });
        Assert.That(loop.WaitsMs, Is.EqualTo(new long[] { 100, 100 }));
        Assert.That(loop.ArmedMs, Is.EqualTo(new long[] { 1_000, 1_000, 1_100, 1_200 }));
        Assert.That(TakeSockets(), Is.EqualTo(new[] { 70, 71, 72 }));
        Assert.That(counters.AcceptErrors, Is.Zero);
    }

    [Test]
    public void An_error_while_the_rate_is_limited_is_waited_out_like_any_other()
    {
        (PlayedLoop loop, WorkerCounters counters, _) = Run(
            [70, -Errno.EMFILE, -Errno.EMFILE, 71, -Errno.EMFILE, 72],
            options => options.Accepting.MaxPerSecond = 10);

        // The second is early by the 100 ms of the rate, of which 30 are over.
        Assert.That(
            loop.ArmedMs, Is.EqualTo(new long[] { 1_000, 1_000, 1_010, 1_030, 1_100, 1_110, 1_200 }));
        Assert.That(counters.AcceptErrors, Is.EqualTo(3));
        Assert.That(TakeSockets(), Is.EqualTo(new[] { 70, 71, 72 }));
    }

    [Test]
    public void A_socket_that_refuses_its_options_is_told_of_and_handed_over_all_the_same()
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle("/dev/null");
        int descriptor = (int)file.DangerousGetHandle();
        (PlayedLoop loop, WorkerCounters counters, string[] said) = Run(
            [descriptor, descriptor], options => options.Sockets.QuickAck = true, listens: true);
        Assert.That(counters.SocketErrors, Is.EqualTo(2));
        Assert.That(said, Has.Some.Contains("ENOTSOCK"));
        Assert.That(TakeSockets(), Is.EqualTo(new[] { descriptor, descriptor }));
        Assert.That(loop.Closed, Has.Count.EqualTo(1), "the listener, and no connection");
    }

    [Test]
    public void A_socket_that_takes_its_options_is_no_error()
    {
        (int ours, int peer) = RingUnderTest.TcpPair();
        (_, WorkerCounters counters, string[] said) = Run(
            [ours], options => options.Sockets.QuickAck = true, listens: true);
        Assert.That(counters.SocketErrors, Is.Zero);
        Assert.That(said, Is.Empty);
        Assert.That(TakeSockets(), Is.EqualTo(new[] { ours }));
        Libc.Close(ours);
        Libc.Close(peer);
    }

    [Test]
    public void A_worker_that_a_message_does_not_reach_is_woken_by_its_event_then_and_later()
    {
        int wakes = 0;
        _mailbox.Attach(() => wakes++);
        var targets = new RingTargets(1);
        targets[Worker] = 5;
        var routes = new HandOverRoutes([_mailbox], targets);
        var loop = new PlayedLoop(new Queue<int>(), () => { });
        PlayedRing ring = loop.Create(default!);

        _mailbox.PrepareToSleep();
        Assert.That(routes.TryPost(Worker, 70, default));
        routes.WakeAll(ref ring);
        Assert.That(loop.Messages, Is.EqualTo(new[] { Token.Pack(Operation.SendMail, Worker, 0) }));
        Assert.That(wakes, Is.Zero);

        routes.HandleUnsent(Worker);
        Assert.That(wakes, Is.EqualTo(1));
        _mailbox.PrepareToSleep();
        Assert.That(routes.TryPost(Worker, 71, default));
        routes.WakeAll(ref ring);
        Assert.That(loop.Messages, Has.Count.EqualTo(1));
        Assert.That(wakes, Is.EqualTo(2));
        targets[Worker] = -1;
    }

    [Test]
    public void What_is_wrong_with_the_balancer_is_counted_each_time_and_told_at_a_rate([Values] bool throws)
    {
        int[] sockets = [.. Enumerable.Range(70, 13)];
        (PlayedLoop loop, WorkerCounters counters, string[] said) = Run(
            sockets,
            options => options.Accepting.MaxPerSecond = 10,
            listens: false,
            new WrongBalancer { Throws = throws },
            LaterMs);
        Assert.That(counters.RefusedByBalancer, Is.EqualTo(sockets.Length));
        Assert.That(loop.Closed, Is.EqualTo((int[])[.. sockets, 7]));
        Assert.That(TakeSockets(), Is.Empty);
        AssertToldAtARate(said, throws ? "WrongBalancer threw" : "WrongBalancer picked worker 1");
    }

    [Test]
    public void Options_that_sockets_refuse_are_counted_each_time_and_told_at_a_rate()
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle("/dev/null");
        int[] sockets = [.. Enumerable.Repeat((int)file.DangerousGetHandle(), 13)];
        (_, WorkerCounters counters, string[] said) = Run(
            sockets,
            options =>
            {
                options.Accepting.MaxPerSecond = 10;
                options.Sockets.QuickAck = true;
            },
            listens: true,
            default(RoundRobinBalancer),
            LaterMs);
        Assert.That(counters.SocketErrors, Is.EqualTo(sockets.Length));
        Assert.That(TakeSockets(), Is.EqualTo(sockets));
        AssertToldAtARate(said, "ENOTSOCK");
    }

    // Of what comes ten times a second: at 0 to 400 ms, at 1,000 ms, and not at 1,100 and 1,200 ms.
    private static void AssertToldAtARate(string[] said, string what)
    {
        string[] expected = [.. Enumerable.Repeat(what, 5), "did not log 5 messages", what];
        Assert.That(said, Has.Length.EqualTo(expected.Length), string.Join('\n', said));
        for (int i = 0; i < said.Length; i++)
        {
            Assert.That(said[i], Does.Contain(expected[i]));
        }
    }

    private (PlayedLoop Loop, WorkerCounters Counters, string[] Said) Run(
        int[] answers, Action<GainOptions>? configure = null, bool listens = false) =>
        Run(answers, configure, listens, default(RoundRobinBalancer));

    private (PlayedLoop Loop, WorkerCounters Counters, string[] Said) Run<TBalancer>(
        int[] answers, Action<GainOptions>? configure, bool listens, TBalancer balancer, long startMs = 1_000)
        where TBalancer : struct, IBalancer
    {
        var given = new GainOptions { WorkerCount = 1, Architecture = GainArchitecture.Reactor };
        configure?.Invoke(given);
        GainOptions options = given.Validated();
        var logger = new RecordingLogger();
        var server = new ServerState(logger, new Admission(options), new MemoryBudget(1 << 20))
        {
            HandOvers = new HandOvers(workers: 1, producers: 1),
        };
        var acceptor = new Acceptor<TBalancer, PlayedRing>(
            options.ForAcceptor(), server, listeners: 1, balancer);
        PlayedLoop loop = null!;
        loop = new PlayedLoop(new Queue<int>(answers), () => server.RequestStop(loop.NowMs + 1_000));
        loop.NowMs = startMs;
        using ListenerSet? listeners = listens ? PlayedLoop.Listen(options, logger) : null;
        if (listeners is null)
        {
            acceptor.TakeListeners([7]);
        }
        else
        {
            acceptor.TakeListeners(listeners);
        }

        acceptor.Connect([_mailbox], new RingTargets(1));
        acceptor.Open(loop);
        acceptor.Run();
        acceptor.Close();
        Assert.That(acceptor.Pending, Is.Zero, "nobody waits at the acceptor");
        loop.CloseListeners(listeners);
        return (loop, acceptor.ReadCounters(), logger.Messages.Entries);
    }

    private int[] TakeSockets()
    {
        var sockets = new List<int>();
        while (_mailbox.TryTake(out Command command))
        {
            Assert.That(command.Kind, Is.EqualTo(CommandKind.Accepted));
            sockets.Add(command.Socket);
        }

        return [.. sockets];
    }
}

/// <summary>Throws, or picks a worker that is not there.</summary>
internal struct WrongBalancer : IBalancer
{
    public static bool NeedsAddress => false;

    public bool Throws { get; init; }

    public readonly int Pick(GainAddress peer, WorkerLoads loads) =>
        Throws ? throw new InvalidOperationException("as asked") : loads.Count;
}
