namespace Gain.Tests.Simulation.Protocols;

/// <summary>
/// Echoes some time later, from another thread: it holds the connection for each answer, which comes as a
/// message. FIN, closes by command and a stop have to wait for it.
/// </summary>
[GainProtocol]
internal partial struct Deferrer(SimulatedWorld world)
{
    private const double Forgotten = 0.05;
    private const int MaxDelayNs = 20_000_000;

    private ServedConnection? _served;

    private void OnConnect(Connection connection) => OnAccept(connection);

    private void OnAccept(Connection connection)
    {
        _served = world.ServedBy(connection);
        _served.Accept(connection);
    }

    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        _served!.Deliver(connection, data, data.Length);
        if (connection.TryHold(out ConnectionHold hold))
        {
            Plan(world, hold);
        }
        else
        {
            Echo(connection);
        }
    }

    private readonly void OnMessage(Connection connection, int _) => Echo(connection);

    private readonly void OnClose(Connection connection, CloseReason reason) =>
        _served!.End(connection, reason);

    private readonly void Echo(Connection connection)
    {
        int answered = _served!.Written + _served.Dropped;
        _served.Send(connection, _served.Peer.Conversation.Output.AsSpan(answered.._served.Delivered));
    }

    private static void Plan(SimulatedWorld world, ConnectionHold hold)
    {
        long at = world.NowNs + world.Random.SkewedLong(1_000, MaxDelayNs);
        world.Events.Plan(at, () => Answer(world, hold));
    }

    private static void Answer(SimulatedWorld world, ConnectionHold hold)
    {
        if (!hold.Handle.TryPost(0))
        {
            // The mailbox is full.
            Plan(world, hold);
        }
        else if (!world.Random.Chance(Forgotten))
        {
            hold.Release();
        }
    }
}
