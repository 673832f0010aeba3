using Gain.Layers;
using Gain.Memory;
using Microsoft.Extensions.Logging;

namespace Gain.Tests.Connections;

/// <summary>What a worker keeps of its layered connections, and gives back.</summary>
[Parallelizable]
public sealed class LayerTableTests
{
    private const int Connections = 3;

    private SegmentPool _segments = null!;

    [SetUp]
    public void NewPool() => _segments = new SegmentPool(new MemoryBudget(1L << 30));

    [TearDown]
    public void DropPool() => _segments.Dispose();

    private LayerTable Make(params bool[] startsOnRequest) => new(Connections, _segments, startsOnRequest);

    [Test]
    public void Only_addresses_that_are_known_start_on_request_and_only_those_that_say_so()
    {
        LayerTable layers = Make(false, true);
        Assert.That(layers.StartsOnRequest(0), Is.False);
        Assert.That(layers.StartsOnRequest(1));
        Assert.That(layers.StartsOnRequest(2), Is.False, "there are no more");
        Assert.That(layers.StartsOnRequest(byte.MaxValue), Is.False);
    }

    [Test]
    public unsafe void What_was_written_before_an_upgrade_is_what_is_sent_and_still_counts()
    {
        LayerTable layers = Make(true);
        var written = default(OutboundQueue);
        Assert.That(written.TryAppend(_segments, "220 go on\r\n"u8));
        Assert.That(layers.IsUpgraded(1), Is.False);
        layers.BeginUpgrade(1, ref written);
        Assert.That(layers.IsUpgraded(1));
        Assert.That(layers.IsUpgraded(0), Is.False);
        ref OutboundQueue sealedBytes = ref layers.SealedOf(1);
        Assert.That(
            new ReadOnlySpan<byte>(sealedBytes.First, sealedBytes.FirstLength).ToArray(),
            Is.EqualTo("220 go on\r\n"u8.ToArray()));
        Assert.That(written.Bytes, Is.EqualTo(11), "it holds back like what is written");
        Assert.That(written.Head is null, "it is in one queue only");
        layers.Drop(1);
        Assert.That(_segments.InUse, Is.Zero);
        Assert.That(sealedBytes.Bytes, Is.Zero);
    }

    [Test]
    public void A_session_is_ended_once_and_its_slot_forgets_it()
    {
        LayerTable layers = Make(true);
        var session = new CountingSession();
        var none = default(OutboundQueue);
        layers[1] = session;
        layers.BeginUpgrade(1, ref none);
        layers.End(0);
        Assert.That(session.Ends, Is.Zero);
        layers.End(1);
        layers.End(1);
        Assert.That(session.Ends, Is.EqualTo(1));
        Assert.That(layers[1], Is.Null);
        Assert.That(layers.IsUpgraded(1), Is.False);
    }

    [Test]
    public void The_end_of_a_worker_ends_every_session_that_is_left()
    {
        LayerTable layers = Make();
        CountingSession[] sessions = [new(), new(), new()];
        for (int i = 0; i < sessions.Length; i++)
        {
            layers[i] = sessions[i];
        }

        layers.EndAll(used: 2);
        Assert.That(sessions.Select(session => session.Ends), Is.EqualTo(new[] { 1, 1, 0 }));
    }

    [Test]
    public void A_layer_starts_with_its_connections_unless_it_says_otherwise() =>
        Assert.That(new PlainLayer().StartsOnRequest, Is.False);

    [Test]
    public void Disposing_a_workers_layer_frees_what_it_has()
    {
        var layer = new CountingLayer();
        layer.Dispose();
        Assert.That(layer.Disposals, Is.EqualTo(new[] { true }));
    }

    private sealed class CountingSession : LayerSession
    {
        public int Ends { get; private set; }

        public override bool HasPeerEnded => false;

        public override string Failure => "";

        public override LayerStatus Receive(
            ref ReadOnlySpan<byte> input, Span<byte> plaintext, LayerOutput output, out int count) =>
            throw new NotSupportedException();

        public override bool Seal(ReadOnlySpan<byte> plaintext, LayerOutput output) =>
            throw new NotSupportedException();

        public override void Close(LayerOutput output) => throw new NotSupportedException();

        public override void End() => Ends++;
    }

    private sealed class PlainLayer : ConnectionLayer
    {
        public override string Name => "plain";

        public override TimeSpan SetupTimeout => TimeSpan.FromSeconds(1);

        public override int MaxSetupStepsPerTurn => 1;

        public override int MaxSetups => 1;

        public override WorkerLayer Open(Action<long> resume, ILogger logger) => new CountingLayer();
    }

    private sealed class CountingLayer : WorkerLayer
    {
        public List<bool> Disposals { get; } = [];

        public override LayerSession Begin(long tag, string? host, int port) => new CountingSession();

        protected override void Dispose(bool disposing) => Disposals.Add(disposing);
    }
}
