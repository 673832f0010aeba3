using Gain.Rings;
using Gain.Uring;
using Gain.Workers;

namespace Gain.Tests.Simulation.Dialled;

/// <summary>Runs seeds of a worker that dials sockets for datagrams.</summary>
internal static class DialledSimulator
{
    /// <summary>Runs one seed from start to end, and checks everything.</summary>
    /// <exception cref="SimulationException">A rule was broken; the message says which.</exception>
    public static DialledResult Run(ulong seed)
    {
        var world = new DialledWorld(seed);
        WorkerCounters counters;
        try
        {
            counters = Serve(world);
        }
        catch (Exception failure) when (failure is not SimulationException)
        {
            world.CheckFailure();
            throw new SimulationException(seed, $"the worker failed: {failure.Message}", failure);
        }

        world.CheckFailure();
        CheckEnd(world, counters);
        return new DialledResult(
            world.Peers.Count,
            world.Delivered,
            counters.DatagramsOut,
            world.Strangers,
            counters.Starvations,
            string.Join(' ', world.Reasons[1..]));
    }

    private static WorkerCounters Serve(DialledWorld world)
    {
        var worker = new Worker<DialledHandler, DialledRing>(world.Scenario.Settings, world.Server, 0, [0]);
        worker.TakeListeners([]);
        worker.Open(new Factory(world.Kernel));
        world.Post = peer =>
        {
            var request = new DatagramRequest<DialledHandler>(
                new DialledHandler(world, peer),
                isGiven: true,
                new Gain.Sockets.RemoteEnd(DialledWorld.AddressOf(peer)),
                workers: null!,
                workerCount: 1,
                first: 0);
            worker.Dialer.Post(request);
            return request;
        };
        try
        {
            worker.Run(new DialledHandler(world, null));
            worker.Close();
        }
        catch (RingException failure) when (world.Kernel.HasFailed)
        {
            worker.Abandon(failure);
        }

        return worker.ReadCounters();
    }

    private static void CheckEnd(DialledWorld world, WorkerCounters counters)
    {
        foreach (DialledPeer peer in world.Peers)
        {
            bool isAnswered = peer.Request is null || peer.Request.Ended.IsCompleted;
            world.Require(isAnswered, $"who had dialled socket {peer.Id} was never answered");
            peer.IsRefused |= peer.Request is { Ended.IsCompletedSuccessfully: false };
            int expected = peer.IsRefused ? 0 : 1;
            bool isRight = peer.Ends == expected;
            world.Require(isRight, $"socket {peer.Id} has ended {peer.Ends} times, not {expected}");
            world.Require(peer.Fd < 0 || peer.IsClosed, $"socket {peer.Id} was never closed");
        }

        Check(world, world.Kernel.OpenDescriptors, 0, "descriptors open");
        if (!world.Kernel.HasFailed)
        {
            Check(world, world.Kernel.InFlight, 0, "operations in flight");
            Check(world, world.Kernel.LentBuffers, 0, "receive buffers lent");
        }

        Check(world, counters.HandlerFaults, world.Faults, "faults of handlers");
        Check(world, counters.EngineFaults, 0, "faults of the engine");
    }

    private static void Check(DialledWorld world, long actual, long expected, string what) =>
        world.Require(actual == expected, $"at the end: {what}: {actual} instead of {expected}");

    private sealed class Factory(DialledKernel kernel) : IRingFactory<DialledRing>
    {
        public DialledRing Create(RingSettings settings) => new(kernel);
    }
}
