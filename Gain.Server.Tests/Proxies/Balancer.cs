namespace Gain.Tests.Server.Proxies;

/// <summary>Dials when it is accepted, says for whom, and writes on what it reads.</summary>
[GainProtocol]
internal partial struct Balancer(DialTarget target, ProxyVersion version, bool tells = true)
{
    private ConnectionHandle _backend;

    private void OnAccept(Connection connection)
    {
        _backend = connection.Dial(new Backend { Client = connection.Handle }, target);
        if (connection.TryBorrow(_backend, out Connection backend))
        {
            backend.SendProxyHeader(
                version, tells ? connection.RemoteAddress : default, connection.LocalAddress);
        }
    }

    private readonly void OnRead(ReadOnlySpan<byte> data) => _ = _backend.TrySend(data);

    private readonly void OnClose() => _ = _backend.TryClose();
}
