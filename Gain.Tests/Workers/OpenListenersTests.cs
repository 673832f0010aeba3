using System.Net;
using Gain.Memory;
using Gain.Sockets;
using Gain.Tests.Server;
using Gain.Workers;

namespace Gain.Tests.Workers;

/// <summary>What a server listens on, without its threads.</summary>
[NonParallelizable]
public sealed class OpenListenersTests
{
    private readonly GainOptions _options = new GainOptions { WorkerCount = 1 }.Validated();
    private ServerState _state = null!;
    private ListenerSet _sockets = null!;
    private OpenListeners _listeners = null!;

    [SetUp]
    public void Listen()
    {
        ListenPlan<EchoProtocol> plan =
            ListenPlan<EchoProtocol>.Of(new EchoProtocol(), ServerAddress.Parse("tcp://127.0.0.1:0"));
        var logger = new RecordingLogger();
        _state = new ServerState(logger, new Admission(_options), new MemoryBudget(1 << 20));
        _sockets = plan.Open(_options, logger);
        _listeners = new OpenListeners(plan.Served(), _sockets, _options, _state, notifyAll: () => { });
    }

    [TearDown]
    public void Close()
    {
        _listeners.Dispose();
        _sockets.Dispose();
    }

    [Test]
    public void A_server_that_stops_takes_no_further_address()
    {
        Add();
        _state.RequestStop(deadlineMs: 1);
        AssertRefused();
        Assert.That(_listeners.Addresses, Has.Count.EqualTo(2));
    }

    // As one does of which a worker has failed.
    [Test]
    public void A_server_that_has_ended_without_a_stop_takes_no_further_address()
    {
        _listeners.Dispose();
        AssertRefused();
        Assert.That(_listeners.Addresses, Has.Count.EqualTo(1));
    }

    [TestCase(0, true)]
    [TestCase(1, true)]
    [TestCase(-1, false)]
    public void Datagrams_are_found_on_whichever_socket_they_arrive(int index, bool expected)
    {
        var listener = new OpenListener(
            ServerAddress.Parse("systemd:"),
            new TwoSockets(index),
            address: 0,
            place: 0,
            threads: 1,
            end: _ => { });
        Assert.That(listener.HasDatagrams, Is.EqualTo(expected));
    }

    private void Add() => _listeners.Add("tcp://127.0.0.1:0", like: null, 0, CancellationToken.None);

    private void AssertRefused()
    {
        GainException refused = Assert.Throws<GainException>(Add)!;
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.AlreadyStopped));
    }

    /// <summary>Two sockets of which one may be for datagrams.</summary>
    private sealed class TwoSockets(int datagramIndex) : ListenerSet
    {
        internal override int ListenersPerWorker => 2;

        internal override IReadOnlyList<string> Addresses => ["a", "b"];

        internal override IReadOnlyList<IPEndPoint> EndPoints => [];

        internal override bool IsSealed => true;

        internal override bool IsDatagram(int index)
        {
            Assert.That(index, Is.InRange(0, 1));
            return index == datagramIndex;
        }

        internal override bool IsShared(int index) => false;

        internal override int TakeListener(int worker, int index) => throw new NotSupportedException();

        public override void Dispose()
        {
        }
    }
}
