using Gain.Memory;
using Gain.Rings;
using Gain.Sockets;
using Gain.Tests.Server;
using Gain.Uring;
using Gain.Workers;

namespace Gain.Tests.Workers;

/// <summary>A start of which one thread cannot be made, as at a limit of threads.</summary>
[TestFixture(GainRing.Uring)]
[TestFixture(GainRing.Epoll)]
[NonParallelizable]
internal sealed class ThreadStartTests(GainRing ring)
{
    [OneTimeSetUp]
    public void RequireRing() => RingAvailability.Require(ring);

    [TestCase(GainArchitecture.Sharding, 0, "worker 0")]
    [TestCase(GainArchitecture.Sharding, 1, "worker 1")]
    [TestCase(GainArchitecture.Reactor, 0, "worker 0")]
    [TestCase(GainArchitecture.Reactor, 1, "worker 1")]
    [TestCase(GainArchitecture.Reactor, 2, "the acceptor")]
    public void Thread_that_cannot_start_fails_the_start_with_the_reason_and_leaves_nothing_open(
        GainArchitecture architecture, int failing, string name)
    {
        string[] rings = Descriptors.OfGain();
        int sockets = Descriptors.Sockets();
        GainException refused = ring == GainRing.Uring
            ? Refuse(new UringRingFactory(KernelRingCalls.Instance), architecture, failing)
            : Refuse(new EpollRingFactory("epoll"), architecture, failing);
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.LimitReached));
        Assert.That(refused.Message, Does.StartWith($"Cannot start the thread of {name}: "));
        Assert.That(refused.Message, Does.Contain("ulimit -u").And.Contain("GainOptions.WorkerCount"));
        Assert.That(refused.InnerException, Is.InstanceOf<OutOfMemoryException>());
        Assert.That(Descriptors.OfGain(), Is.EqualTo(rings));
        Assert.That(Descriptors.Sockets(), Is.EqualTo(sockets));
    }

    private static GainException Refuse<TRing>(
        IRingFactory<TRing> factory, GainArchitecture architecture, int failing)
        where TRing : struct, IRing
    {
        GainOptions options = new GainOptions { WorkerCount = 2, Architecture = architecture }.Validated();
        var acceptor = AcceptorMaker.For(options);
        var logger = new RecordingLogger();
        var state = new ServerState(logger, new Admission(options), new MemoryBudget(64 << 20))
        {
            HandOvers = new HandOvers(options.WorkerCount, acceptor is null ? 0 : 1),
        };
        var plan = ListenPlan<EchoProtocol>.Of(
            new EchoProtocol(), ListenAddress.Parse("tcp://127.0.0.1:0"));
        using ListenerSet listeners = plan.Open(options, logger);
        int started = 0;
        var workers = new WorkerThreads<EchoProtocol, TRing>(
            plan, options, state, factory, listeners, acceptor)
        {
            StartThread = thread =>
            {
                if (started++ == failing)
                {
                    throw new OutOfMemoryException("as a system at its limit of threads");
                }

                thread.UnsafeStart();
            },
        };
        return Assert.Throws<GainException>(workers.Open)!;
    }
}
