namespace Gain.Tests.Simulation.Protocols;

/// <summary>
/// Echoes up to a place in what the peer says, ends its side there, or at the peer's end, and reads on.
/// </summary>
[GainProtocol]
internal partial struct HalfCloser(SimulatedWorld world)
{
    private ServedConnection? _served;

    private void OnConnect(Connection connection) => OnAccept(connection);

    private void OnAccept(Connection connection)
    {
        _served = world.ServedBy(connection);
        _served.Accept(connection);
        EndIfDue(connection);
    }

    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        Conversation conversation = _served!.Peer.Conversation;
        _served.Deliver(connection, data, data.Length);
        if (_served.AskedToEndWrite)
        {
            // It closes now and then before the peer does: FIN is not sent again.
            if (world.Random.Chance(0.05))
            {
                _served.Close(connection);
            }

            return;
        }

        int before = _served.Delivered - data.Length;
        bool ends = conversation.EndsAfter >= 0 && _served.Delivered >= conversation.EndsAfter;
        _served.Send(connection, ends ? data[..(conversation.EndsAfter - before)] : data);
        EndIfDue(connection);
    }

    private readonly void OnReadClosed(Connection connection)
    {
        _served!.CloseReading(connection);
        if (_served.AskedToEndWrite)
        {
            return;
        }

        if (_served.Delivered == _served.Peer.Conversation.Output.Length)
        {
            _served.Send(connection, Closer.Farewell(_served.Delivered, world.Limits));
        }

        _served.EndWrite(connection);
    }

    private readonly void OnClose(Connection connection, CloseReason reason) =>
        _served!.End(connection, reason);

    private readonly void EndIfDue(Connection connection)
    {
        Conversation conversation = _served!.Peer.Conversation;
        if (conversation.EndsAfter < 0 || _served.Delivered < conversation.EndsAfter)
        {
            return;
        }

        if (conversation.EndsByAbort)
        {
            _served.Abort(connection);
        }
        else
        {
            _served.EndWrite(connection);
        }
    }
}
