namespace Gain.Tests.Simulation.Protocols;

/// <summary>
/// Couples its connections, two and two: the first of a pair waits for the second, and reads nothing until
/// then.
/// </summary>
[GainProtocol]
internal partial struct Coupler(SimulatedWorld world)
{
    private ServedConnection? _served;

    private void OnConnect(Connection connection) => OnAccept(connection);

    private void OnAccept(Connection connection)
    {
        _served = world.ServedBy(connection);
        _served.Accept(connection);
        if (world.Lonely is { } first
            && connection.TryBorrow(first.Handle, out Connection other)
            && !other.IsClosing)
        {
            world.Lonely = null;
            _served.Couple(connection, first, other);
            return;
        }

        world.Lonely = _served;
        connection.PauseReading();
    }

    private readonly void OnRead(ReadOnlySpan<byte> data) => throw world.Fail(
        $"peer {_served!.Peer.Id}: OnRead of {data.Length} bytes of a connection that is paused or coupled");

    private readonly void OnClose(Connection connection, CloseReason reason) =>
        _served!.End(connection, reason);
}
