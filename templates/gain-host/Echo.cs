using Gain;

/// <summary>Sends back what arrives. Every connection has its own copy: a field is its own state.</summary>
[GainProtocol]
public partial struct Echo
{
    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data) => connection.Send(data);
}
