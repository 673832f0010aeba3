namespace Gain.Hosting.Tests;

/// <summary>Sends back what comes.</summary>
[GainProtocol]
public partial struct Echo
{
    private static void OnRead(Connection connection, ReadOnlySpan<byte> data) => connection.Send(data);
}
