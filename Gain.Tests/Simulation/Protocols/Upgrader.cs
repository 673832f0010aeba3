namespace Gain.Tests.Simulation.Protocols;

/// <summary>
/// Echoes records in plain text, up to one behind which it starts the layer; writes at once, and goes on.
/// </summary>
[GainProtocol]
internal partial struct Upgrader(SimulatedWorld world)
{
    private ServedConnection? _served;

    private void OnAccept(Connection connection)
    {
        _served = world.ServedBy(connection);
        _served.Accept(connection);
    }

    private readonly int OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        Conversation conversation = _served!.Peer.Conversation;
        int left = conversation.UpgradesAfter - _served.Delivered;
        int most = left > 0 ? Math.Min(data.Length, left) : data.Length;
        int taken = 0;
        while (taken < most && most - taken > data[taken])
        {
            taken += 1 + data[taken];
        }

        _served.Deliver(connection, data, taken);
        _served.Send(connection, data[..taken]);
        _served.LeftTooMuch |= data.Length - taken > world.Limits.MaxUnconsumed;
        if (left > 0 && taken == left)
        {
            _served.StartLayer(connection);
            _served.Send(connection, conversation.Banner);
        }

        return taken;
    }

    private readonly void OnReadClosed(Connection connection)
    {
        _served!.CloseReading(connection);
        _served.Close(connection);
    }

    private readonly void OnClose(Connection connection, CloseReason reason) =>
        _served!.End(connection, reason);
}
