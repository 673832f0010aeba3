namespace Gain.Tests.Simulation.Protocols;

/// <summary>Echoes some time later, by a timer.</summary>
[GainProtocol]
internal partial struct Delayer(SimulatedWorld world)
{
    private const int MaxDelayMs = 30;

    private ServedConnection? _served;
    private long _dueMs;

    private void OnConnect(Connection connection) => OnAccept(connection);

    private void OnAccept(Connection connection)
    {
        _served = world.ServedBy(connection);
        _served.Accept(connection);
    }

    private void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        _served!.Deliver(connection, data, data.Length);
        if (connection.HasTimer && world.Random.Chance(0.1))
        {
            connection.CancelTimer();
        }

        if (!connection.HasTimer || world.Random.Chance(0.1))
        {
            int delayMs = world.Random.Between(0, MaxDelayMs);
            _dueMs = connection.NowMs + delayMs;
            connection.SetTimer(TimeSpan.FromMilliseconds(delayMs));
        }
    }

    private readonly void OnTimer(Connection connection)
    {
        _served!.Tick(connection, _dueMs);
        Echo(connection);
    }

    private readonly void OnReadClosed(Connection connection)
    {
        _served!.CloseReading(connection);
        Echo(connection);
        _served.Close(connection);
    }

    private readonly void OnClose(Connection connection, CloseReason reason)
    {
        if (connection.HasTimer && world.Random.Chance(0.5))
        {
            connection.CancelTimer();
        }

        _served!.End(connection, reason);
    }

    private readonly void Echo(Connection connection)
    {
        int answered = _served!.Written + _served.Dropped;
        _served.Send(connection, _served.Peer.Conversation.Output.AsSpan(answered.._served.Delivered));
    }
}
