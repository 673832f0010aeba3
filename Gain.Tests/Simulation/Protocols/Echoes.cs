namespace Gain.Tests.Simulation.Protocols;

/// <summary>Echoes, and declares nothing else: all that is optional is left out.</summary>
[GainProtocol]
internal partial struct BareEcho(SimulatedWorld world)
{
    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        ServedConnection served = world.ServedBy(connection);
        served.Deliver(connection, data, data.Length);
        served.Send(connection, data);
    }
}

/// <summary>Echoes, and watches every callback.</summary>
[GainProtocol]
internal partial struct WatchedEcho(SimulatedWorld world)
{
    private ServedConnection? _served;

    private void OnConnect(Connection connection) => OnAccept(connection);

    private void OnAccept(Connection connection)
    {
        if (_served is not null)
        {
            throw world.Fail("a connection began with the state of another");
        }

        _served = world.ServedBy(connection);
        _served.Accept(connection);
    }

    private readonly void OnConnectFailed(Connection connection, ConnectFailure failure) =>
        world.NoteConnectFailed(connection, failure, hasBegun: _served is not null);

    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        _served!.Deliver(connection, data, data.Length);
        _served.Send(connection, data);
    }

    private readonly void OnWrite(Connection connection, int bytes) => _served!.Wrote(connection, bytes);

    private readonly void OnDrained(Connection connection) => _served!.Drain(connection);

    private readonly void OnClose(Connection connection, CloseReason reason) =>
        _served!.End(connection, reason);
}

/// <summary>Echoes, and throws now and then, in any callback.</summary>
[GainProtocol]
internal partial struct Thrower(SimulatedWorld world)
{
    private ServedConnection? _served;

    private void OnConnect(Connection connection) => OnAccept(connection);

    private void OnAccept(Connection connection)
    {
        _served = world.ServedBy(connection);
        _served.Accept(connection);
        world.MayThrow(_served);
    }

    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        _served!.Deliver(connection, data, data.Length);
        _served.Send(connection, data);
        world.MayThrow(_served);
    }

    private readonly void OnWrite(Connection connection, int bytes)
    {
        _served!.Wrote(connection, bytes);
        world.MayThrow(_served);
    }

    private readonly void OnDrained(Connection connection)
    {
        _served!.Drain(connection);
        world.MayThrow(_served);
    }

    private readonly void OnReadClosed(Connection connection)
    {
        _served!.CloseReading(connection);
        _served.Close(connection);
        world.MayThrow(_served);
    }

    private readonly void OnClose(Connection connection, CloseReason reason)
    {
        _served!.End(connection, reason);
        world.MayThrow(_served);
    }
}

/// <summary>Speaks first, and perhaps says no more.</summary>
[GainProtocol]
internal partial struct Greeter(SimulatedWorld world)
{
    private ServedConnection? _served;

    private void OnConnect(Connection connection) => OnAccept(connection);

    private void OnAccept(Connection connection)
    {
        _served = world.ServedBy(connection);
        _served.Accept(connection);
        Conversation conversation = _served.Peer.Conversation;
        _served.Send(connection, conversation.Expected.AsSpan(0, conversation.Greeting));
        if (conversation.EndsAfter == 0)
        {
            _served.Close(connection);
        }
    }

    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        _served!.Deliver(connection, data, data.Length);
        _served.Send(connection, data);
    }

    private readonly void OnClose(Connection connection, CloseReason reason) =>
        _served!.End(connection, reason);
}
