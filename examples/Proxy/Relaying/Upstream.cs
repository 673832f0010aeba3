namespace Gain.Proxy.Relaying;

/// <summary>A connection to a backend.</summary>
[GainProtocol]
internal partial struct Upstream(Attempt attempt)
{
    private Attempt _attempt = attempt;

    private readonly void OnConnect(Connection connection)
    {
        if (!connection.TryBorrow(_attempt.Client, out Connection client))
        {
            connection.Abort();
            return;
        }

        if (_attempt.Pool.ProxyVersion != ProxyVersion.None)
        {
            SendHeader(connection, client);
        }

        client.Couple(connection, _attempt.Pool.Mode);
        client.ResumeReading();
    }

    // The client does not notice: another backend is tried, and what it has sent waits.
    private void OnConnectFailed(Connection connection)
    {
        _attempt.Backend.ReleaseFailed();
        if (connection.TryBorrow(_attempt.Client, out Connection client)
            && !client.IsClosing
            && !_attempt.TryDialNext(client))
        {
            _attempt.Pool.CountRefused();
            client.Abort();
        }
    }

    private readonly void OnClose() => _attempt.Backend.Release();

    private static void OnStopping()
    {
    }

    private readonly void SendHeader(Connection connection, Connection client)
    {
        // What a balancer in front has said goes on.
        GainAddress destination = client.TryGetProxyHeader(out ProxyHeader header) && !header.IsLocal
            ? header.Destination
            : client.LocalAddress;
        connection.SendProxyHeader(_attempt.Pool.ProxyVersion, client.RemoteAddress, destination);
    }
}
