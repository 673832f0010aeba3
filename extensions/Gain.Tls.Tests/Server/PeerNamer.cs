using System.Text;

namespace Gain.Tls.Tests.Server;

/// <summary>Answers with the client's address.</summary>
[GainProtocol]
internal partial struct PeerNamer
{
    private static void OnRead(Connection connection, ReadOnlySpan<byte> data) =>
        connection.Send(Encoding.ASCII.GetBytes($"{connection.RemoteAddress}"));
}
