using System.Buffers.Binary;

namespace Gain.Tests.Simulation.Dialled;

/// <summary>Serves one socket: answers, closes, dials others and throws now and then.</summary>
[GainProtocol]
internal partial struct DialledHandler(DialledWorld world, DialledPeer? peer)
{
    private readonly void OnDatagram(Datagram datagram, ReadOnlySpan<byte> data)
    {
        DialledPeer own = peer!;
        SimulationRandom random = world.Random;
        world.Delivered++;
        own.UsedMs = world.Kernel.NowMs;
        world.Require(own.Ends == 0 && !own.IsClosed, $"socket {own.Id} got something after its end");
        world.Require(!own.IsShut, $"socket {own.Id} got something after it was closed");
        int number = BinaryPrimitives.ReadUInt16BigEndian(data[2..]);
        world.Require(BinaryPrimitives.ReadUInt16BigEndian(data) == own.Id, $"socket {own.Id} got another's");
        world.Require(number > own.LastDelivered, $"socket {own.Id} got {number} after {own.LastDelivered}");
        world.Require(datagram.RemoteAddress == DialledWorld.AddressOf(own), "another's address");
        own.LastDelivered = number;
        while (random.Chance(0.5))
        {
            Say(datagram, own, random);
        }

        if (random.Chance(0.05))
        {
            own.IsShut = true;
            own.MayBeShut = true;
            datagram.Close();
        }
        else if (random.Chance(0.1))
        {
            DialledPeer next = world.Add();
            bool isBegun = datagram.TryDialDatagram(
                new DialledHandler(world, next), DialledWorld.AddressOf(next), out DatagramHandle handle);
            world.NoteDial(next, isBegun, handle);
        }

        if (random.Chance(world.Scenario.Faults))
        {
            world.Faults++;
            throw new InvalidOperationException("as the seed has it");
        }
    }

    private readonly void OnDatagramClosed(DatagramEnd end)
    {
        world.End(peer!, end);
        if (world.Random.Chance(0.3))
        {
            DialledPeer next = world.Add();
            bool isBegun = end.TryDialDatagram(
                new DialledHandler(world, next), DialledWorld.AddressOf(next), out DatagramHandle handle);
            world.NoteDial(next, isBegun, handle);
            bool mayDial = !world.Server.StopRequested && !world.Kernel.HasFailed;
            world.Require(isBegun || !mayDial, "the place of what has ended is not free");
        }

        if (world.Random.Chance(world.Scenario.Faults))
        {
            world.Faults++;
            throw new InvalidOperationException("as the seed has it");
        }
    }

    private static void Say(Datagram datagram, DialledPeer own, SimulationRandom random)
    {
        Span<byte> data = stackalloc byte[random.Between(4, 64)];
        BinaryPrimitives.WriteUInt16BigEndian(data, (ushort)own.Id);
        BinaryPrimitives.WriteUInt16BigEndian(data[2..], (ushort)own.Said[0]++);
        _ = datagram.TryReply(data);
    }
}
