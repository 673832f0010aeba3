using System.Text;

namespace Gain.Tests.Server.Proxies;

/// <summary>Writes down who the client is, and answers what it reads with that.</summary>
[GainProtocol]
internal partial struct ClientTeller(Journal journal)
{
    private readonly void OnAccept(Connection connection) => journal.Add($"accept {Describe(connection)}");

    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        journal.Add($"read {Encoding.ASCII.GetString(data)}");
        connection.Send(Encoding.ASCII.GetBytes($"{connection.RemoteAddress}\n"));
    }

    private readonly void OnClose(Connection connection, CloseReason reason) =>
        journal.Add($"close {reason} {Describe(connection)}");

    private static string Describe(Connection connection)
    {
        if (!connection.TryGetProxyHeader(out ProxyHeader header))
        {
            return "direct";
        }

        string tlvs = header.TryFind(ProxyTlvType.Authority, out ReadOnlySpan<byte> name)
            ? $" {Encoding.ASCII.GetString(name)}"
            : "";
        string says = ProxySamples.Say(header.IsLocal, header.Source, header.Destination);
        return $"{header.Version} {says}{tlvs}";
    }
}
