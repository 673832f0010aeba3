namespace Gain.Hosting.Tests;

/// <summary>Sends back what comes, and has a span of each connection made.</summary>
[GainProtocol]
public partial struct TracedEcho(ConnectionTraces traces)
{
    private ConnectionTrace _trace;

    private void OnAccept(Connection connection) => _trace = traces.Begin(connection);

    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data) => connection.Send(data);

    private readonly void OnClose(CloseReason reason) => traces.End(_trace, reason);
}
