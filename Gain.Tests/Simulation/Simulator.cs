using Gain.CompilerServices;
using Gain.Workers;

namespace Gain.Tests.Simulation;

/// <summary>Runs seeds.</summary>
internal static class Simulator
{
    private const int MaxEventsAfterEnd = 100_000;

    /// <summary>Runs one seed from start to end, and checks everything.</summary>
    /// <param name="seed">What is run.</param>
    /// <param name="trace">Where to write what happens; null for nowhere.</param>
    /// <param name="pairing">Whether the protocol is one of two of the worker's.</param>
    /// <param name="refusedRequest">Which request for memory the system refuses; none when negative.</param>
    /// <param name="plan">The protocol; null for the one that the seed stands for.</param>
    /// <param name="dials">Whether the worker dials some of the peers.</param>
    /// <param name="names">Whether it dials some of them, and those by name.</param>
    /// <param name="layers">Whether a layer lies between the sockets and the protocol.</param>
    /// <exception cref="SimulationException">A rule was broken; the message says which.</exception>
    public static SimulationResult Run(
        ulong seed,
        TextWriter? trace = null,
        Pairing pairing = Pairing.None,
        int refusedRequest = -1,
        ProtocolPlan? plan = null,
        bool dials = false,
        bool names = false,
        bool layers = false)
    {
        var world = new SimulatedWorld(seed, trace, refusedRequest, plan, dials, names, layers);
        WorkerCounters counters;
        try
        {
            counters = world.Plan.Run(world, pairing);
        }
        catch (Exception failure) when (failure is not SimulationException)
        {
            world.CheckFailure();
            throw new SimulationException(seed, $"the worker failed: {failure.Message}", failure);
        }

        world.CheckFailure();
        LetPeersFinish(world);
        CheckEnd(world, counters);
        return new SimulationResult(
            world.Trace.Hash,
            world.Kernel.Turns,
            world.Accepts,
            world.BytesIn,
            world.BytesOut,
            counters.Callbacks,
            world.MemoryRequests,
            world.NowNs,
            world.Kernel.Connects,
            world.Couplings,
            world.WholePairs,
            world.Kernel.SplicedBytes,
            world.Kernel.UnsplicedBytes);
    }

    // What the server has sent is still on its way.
    private static void LetPeersFinish(SimulatedWorld world)
    {
        for (int i = 0; !world.Events.IsEmpty; i++)
        {
            if (i > MaxEventsAfterEnd)
            {
                throw world.Fail("the peers did not come to an end");
            }

            world.Advance(world.Events.NextNs);
        }

        world.CheckFailure();
    }

    private static void CheckEnd(SimulatedWorld world, WorkerCounters counters)
    {
        Check(world, world.Kernel.LeakedDescriptors, 0, "descriptors open");
        Check(world, world.Kernel.IsAbandoned ? 0 : world.Kernel.InFlight, 0, "operations in flight");
        Check(world, world.Server.Admission.Active, 0, "connections past OnClose");
        Check(world, counters.Closed, counters.Accepted + counters.Connected, "connections closed");
        Check(world, counters.BytesIn, world.BytesIn, "bytes counted in");
        Check(world, counters.BytesOut, world.BytesOut, "bytes counted out");
        Check(world, counters.HandlerFaults, world.Throws, "faults counted");
        Check(world, counters.EngineFaults, 0, "faults of the engine");
        world.CheckDials(counters);
        long reserved = world.Server.Budget.ReservedBytes;
        Check(world, world.Kernel.IsAbandoned ? 0 : reserved, 0, "bytes of memory reserved");
        Check(world, counters.DroppedWrites, world.Drops, "dropped writes counted");
        if (world.Plan.HasOnAccept)
        {
            CheckAccepts(world, counters);
        }

        for (int i = 0; i < world.Settings.MaxConnections; i++)
        {
            var peer = new GainAddress((UInt128)(2_000 + i) << 64, 0);
            RefusalReason refusal = world.Server.Admission.TryOpen(peer);
            Check(world, (int)refusal, (int)RefusalReason.None, "room for connections");
        }

        foreach (SimulatedPeer peer in world.Peers)
        {
            peer.Socket.Served.CheckEnd();
        }
    }

    // Who fails in a layer's set-up is none of the protocol's, and is counted, unless the stop ends it.
    private static void CheckAccepts(SimulatedWorld world, WorkerCounters counters)
    {
        long all = counters.Accepted + counters.Connected;
        if (!world.HasLayers || world.Plan.Upgrades)
        {
            Check(world, world.Accepts, all, "connections counted");
            return;
        }

        // Those that the limit on set-ups keeps out are counted as well, and not accepted.
        bool isExact = !world.Kernel.IsAbandoned
            && world.Settings.Layers[0]!.MaxSetups >= world.Peers.Count;
        long rest = all - world.Accepts - counters.FailedHandshakes;
        bool isStopped = rest > 0 && rest <= world.SetupsStopped;
        long unknown = isExact && !isStopped ? counters.FailedHandshakes : Math.Max(0, all - world.Accepts);
        Check(world, world.Accepts + unknown, all, "connections counted");
    }

    private static void Check(SimulatedWorld world, long actual, long expected, string what)
    {
        if (actual != expected)
        {
            throw world.Fail($"at the end: {what}: {actual} instead of {expected}");
        }
    }
}

/// <summary>What came of a run.</summary>
/// <param name="TraceHash">The hash of everything that happened.</param>
/// <param name="Turns">The turns of the worker's loop.</param>
/// <param name="Accepts">The connections that the protocol was told of.</param>
/// <param name="BytesIn">The bytes that the worker received.</param>
/// <param name="BytesOut">The bytes that it sent.</param>
/// <param name="Callbacks">The callbacks that the worker counted.</param>
/// <param name="MemoryRequests">How often the worker asked the system for memory.</param>
/// <param name="VirtualNs">The virtual time that passed.</param>
/// <param name="Connects">The connects that the worker began.</param>
/// <param name="Couplings">The pairs of connections that were coupled.</param>
/// <param name="WholePairs">Those of which each peer was sent all that the other one said.</param>
/// <param name="SplicedBytes">The bytes that the kernel moved from one of a pair to the other.</param>
/// <param name="UnsplicedBytes">Those that it was to, and that were copied after all.</param>
internal sealed record SimulationResult(
    ulong TraceHash,
    int Turns,
    int Accepts,
    long BytesIn,
    long BytesOut,
    long Callbacks,
    int MemoryRequests,
    long VirtualNs,
    int Connects,
    int Couplings,
    int WholePairs,
    long SplicedBytes,
    long UnsplicedBytes);
