namespace Gain.Tls.Tests.Server;

/// <summary>Sends back what comes.</summary>
[GainProtocol]
internal partial struct Echo
{
    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data) => connection.Send(data);
}
