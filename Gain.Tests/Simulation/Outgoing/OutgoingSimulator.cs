using Gain.Rings;
using Gain.Workers;

namespace Gain.Tests.Simulation.Outgoing;

/// <summary>Runs seeds of a worker that dials again and keeps connections.</summary>
internal static class OutgoingSimulator
{
    /// <summary>Runs one seed from start to end, and checks everything.</summary>
    /// <param name="seed">What is run.</param>
    /// <param name="trace">Where to write what happens; null for nowhere.</param>
    /// <exception cref="SimulationException">A rule was broken; the message says which.</exception>
    public static OutgoingResult Run(ulong seed, TextWriter? trace = null)
    {
        var world = new OutgoingWorld(seed, trace);
        WorkerCounters counters;
        try
        {
            counters = Serve(world);
        }
        catch (Exception failure) when (failure is not SimulationException)
        {
            world.CheckFailure();
            throw world.Fail($"the worker failed: {failure.Message}");
        }

        world.CheckFailure();
        CheckEnd(world, counters);
        PoolCounters? pool = counters.Pool;
        return new OutgoingResult(
            world.Trace.Hash,
            world.Undertakings.Count,
            counters.Connected,
            counters.FailedConnects,
            pool?.Hits ?? 0,
            pool?.ClosedByPeer ?? 0,
            pool?.ClosedByTime ?? 0,
            pool?.ClosedByLimit ?? 0,
            pool?.ClosedForRoom ?? 0);
    }

    private static WorkerCounters Serve(OutgoingWorld world)
    {
        var worker = new Worker<Errand, OutgoingRing>(world.Scenario.Settings, world.Server, 1, [0, 0]);
        worker.TakeListeners([OutgoingKernel.Listener]);
        worker.Open(new Factory(world.Kernel));
        world.Notify = worker.Notify;
        world.LeavesRoom = () => worker.Dialer.Pool is not { Counters.Idle: > 0, Leaving: 0 }
            || worker.Intake.HasRoom || world.Kernel.HasLeaving;
        world.Post = undertaking =>
        {
            var request = new DialRequest<Errand>(
                new Errand(world, undertaking), isGiven: true, OutgoingWorld.TargetOf(undertaking.Port));
            worker.Dialer.Post(request);
            return request;
        };
        var prototype = new Errand(world, null);
        worker.Run(prototype, prototype);
        worker.Close();
        Check(world, worker.Dialer.Pool?.Leaving ?? 0, 0, "connections that leave");
        return worker.ReadCounters();
    }

    private static void CheckEnd(OutgoingWorld world, WorkerCounters counters)
    {
        world.Undertakings.ForEach(static one => one.CheckEnd());
        Check(world, world.Kernel.OpenDescriptors, 0, "descriptors open");
        Check(world, world.Kernel.InFlight, 0, "operations in flight");
        Check(world, world.Kernel.LentBuffers, 0, "receive buffers lent");
        Check(world, world.Server.Admission.Active, 0, "connections past OnClose");
        Check(world, world.Server.Budget.ReservedBytes, 0, "bytes of memory reserved");
        Check(world, counters.Closed, counters.Accepted + counters.Connected, "connections closed");
        Check(world, counters.Connected, world.Undertakings.Sum(one => one.Ups), "connects counted");
        int failures = world.Undertakings.Sum(one => one.Failures);
        Check(world, counters.FailedConnects, failures, "failures counted");
        Check(world, counters.HandlerFaults, 0, "faults counted");
        Check(world, counters.EngineFaults, 0, "faults of the engine");
        if (counters.Pool is not { } pool)
        {
            return;
        }

        int rents = world.Undertakings.Count(one => one.IsRent);
        int hits = world.Undertakings.Sum(one => one.Hits);
        Check(world, pool.Idle, 0, "connections counted as kept");
        Check(world, pool.Rented, 0, "connections counted as rented");
        bool isPlausible = pool.Hits >= hits && pool.Hits + pool.Misses <= rents;
        world.Require(
            isPlausible,
            $"{pool.Hits} hits and {pool.Misses} misses are counted of {rents} rents and {hits} hits");
    }

    private static void Check(OutgoingWorld world, long actual, long expected, string what) =>
        world.Require(actual == expected, $"at the end: {what}: {actual} instead of {expected}");

    private sealed class Factory(OutgoingKernel kernel) : IRingFactory<OutgoingRing>
    {
        public OutgoingRing Create(RingSettings settings) => new(kernel);
    }
}
