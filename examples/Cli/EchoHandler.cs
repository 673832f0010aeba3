namespace Gain.Cli;

/// <summary>Sends back what it receives.</summary>
[GainProtocol]
internal partial struct EchoHandler
{
    private static void OnRead(Connection connection, ReadOnlySpan<byte> data) => connection.Send(data);

    private static void OnDatagram(Datagram datagram, ReadOnlySpan<byte> data) => datagram.Reply(data);
}
