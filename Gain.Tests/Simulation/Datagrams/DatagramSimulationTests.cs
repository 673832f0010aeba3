using System.Buffers.Binary;
using Gain.CompilerServices;
using Gain.Memory;
using Gain.Rings;
using Gain.Sockets;
using Gain.Tests.Server;
using Gain.Workers;

namespace Gain.Tests.Simulation.Datagrams;

/// <summary>Whole workers whose kernel loses room, buffers and receives; a seed for each run.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class DatagramSimulationTests
{
    private const int SeedsAtOnce = 1_000;

    [TestCase(0)]
    [TestCase(1_000)]
    [TestCase(2_000)]
    [TestCase(3_000)]
    [TestCase(4_000)]
    public void Nothing_goes_wrong_with_a_thousand_seeds_from(int first)
    {
        WorkerCounters sum = default;
        for (int seed = first; seed < first + SeedsAtOnce; seed++)
        {
            WorkerCounters counters = Run((ulong)seed);
            sum.DatagramsIn += counters.DatagramsIn;
            sum.DatagramsOut += counters.DatagramsOut;
            sum.DroppedDatagrams += counters.DroppedDatagrams;
            sum.DatagramErrors += counters.DatagramErrors;
            sum.Starvations += counters.Starvations;
        }

        TestContext.Out.WriteLine(
            $"{sum.DatagramsIn:N0} in, {sum.DatagramsOut:N0} out, {sum.DroppedDatagrams:N0} dropped, "
            + $"{sum.DatagramErrors:N0} refused, {sum.Starvations:N0} starvations");
        Assert.That(sum.DatagramsIn, Is.GreaterThan(10 * SeedsAtOnce), "the seeds simulate next to nothing");
        Assert.That(sum.DroppedDatagrams, Is.Positive);
        Assert.That(sum.DatagramErrors, Is.Positive);
        Assert.That(sum.Starvations, Is.Positive);
    }

    [Test]
    public void A_seed_means_the_same_every_time()
    {
        for (ulong seed = 0; seed < 100; seed++)
        {
            WorkerCounters first = Run(seed);
            WorkerCounters second = Run(seed);
            Assert.That(
                (second.DatagramsIn, second.DatagramsOut, second.Callbacks, second.DroppedDatagrams),
                Is.EqualTo((first.DatagramsIn, first.DatagramsOut, first.Callbacks, first.DroppedDatagrams)));
        }
    }

    private static WorkerCounters Run(ulong seed)
    {
        var random = new SimulationRandom(seed);
        GainOptions options = new GainOptions
        {
            WorkerCount = 1,
            Limits = { MaxConnections = 1 },
            Logger = new RecordingLogger(),
        }.Validated();
        var server = new ServerState(
            options.Logger!,
            new Admission(options),
            new MemoryBudget(options.Limits.MaxBufferedBytes!.Value));
        WorkerSettings settings = options.ForWorker(0, cpu: null) with
        {
            Datagrams = new DatagramSettings(random.Between(512, 8_192), true, random.Chance(0.7)),
        };
        var kernel = new DatagramKernel(seed, random, server);
        var handled = new SimulatedEcho.Tally();
        using ListenerSet listeners = ServerAddress.Parse("udp://127.0.0.1:0").Open(1, options);
        var worker = new Worker<SimulatedEcho, DatagramRing>(settings, server, 1, [0]);
        worker.TakeListeners(listeners, accepts: true);
        worker.Open(new Factory(kernel));
        worker.Run(new SimulatedEcho(kernel, random, handled));
        worker.Close();
        WorkerCounters counters = worker.ReadCounters();
        Check(kernel, handled, counters);
        Assert.That(kernel.Failure, Is.Null);
        return counters;
    }

    private static void Check(DatagramKernel kernel, SimulatedEcho.Tally handled, WorkerCounters counters)
    {
        kernel.Require(handled.Calls == kernel.Delivered, "a datagram was not delivered once");
        kernel.Require(counters.DatagramsIn == kernel.Delivered, "DatagramsIn is wrong");
        kernel.Require(counters.TruncatedDatagrams == kernel.Truncated, "TruncatedDatagrams is wrong");
        kernel.Require(handled.Truncated == kernel.Truncated, "a handler was not told of a truncation");
        kernel.Require(counters.HandlerFaults == handled.Faults, "HandlerFaults is wrong");
        kernel.Require(counters.DatagramsOut == kernel.Heard, "DatagramsOut is wrong");
        long accounted = counters.DatagramsOut + counters.DroppedDatagrams + counters.DatagramErrors;
        kernel.Require(handled.Replies == accounted, $"{handled.Replies} replies, {accounted} accounted for");
    }

    private sealed class Factory(DatagramKernel kernel) : IRingFactory<DatagramRing>
    {
        public DatagramRing Create(RingSettings settings) => new(kernel);
    }
}

/// <summary>Echoes most of what it gets, and throws now and then.</summary>
[GainProtocol]
internal partial struct SimulatedEcho(
    DatagramKernel kernel, SimulationRandom random, SimulatedEcho.Tally tally)
{
    private readonly void OnDatagram(Datagram datagram, ReadOnlySpan<byte> data)
    {
        tally.Calls++;
        tally.Truncated += datagram.IsTruncated ? 1 : 0;
        if (!data.IsEmpty)
        {
            int peer = data[0];
            int number = BinaryPrimitives.ReadUInt16BigEndian(data[1..]);
            kernel.Require(number > tally.Last[peer], $"{number} came after {tally.Last[peer]}");
            kernel.Require(datagram.RemoteAddress.Port == 1_000 + peer, "another's address");
            tally.Last[peer] = number;
        }

        if (random.Chance(0.9))
        {
            // Also one without room counts: as dropped.
            tally.Replies++;
            bool isQueued = datagram.TryReply(data, out DatagramFailure failure);
            kernel.Require(isQueued || failure == DatagramFailure.BacklogFull, $"a reply failed: {failure}");
        }

        if (random.Chance(0.02))
        {
            tally.Faults++;
            throw new InvalidOperationException("as the seed has it");
        }
    }

    /// <summary>What it has seen and done.</summary>
    internal sealed class Tally
    {
        public int Calls { get; set; }

        public int Truncated { get; set; }

        public int Replies { get; set; }

        public int Faults { get; set; }

        public int[] Last { get; } = [.. Enumerable.Repeat(-1, DatagramKernel.Peers)];
    }
}
