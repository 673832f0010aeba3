namespace Gain.Proxy.Relaying;

/// <summary>A check: a connection that is closed when it is up, and says so where a header is
/// expected.</summary>
[GainProtocol]
internal partial struct Probe(ProxyVersion version)
{
    private readonly void OnConnect(Connection connection)
    {
        if (version != ProxyVersion.None)
        {
            connection.SendProxyHeader(version, default, default);
        }

        connection.Close();
    }
}
