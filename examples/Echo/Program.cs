using Gain;

// Sends back what it receives: try `socat - TCP:127.0.0.1:9000`.
await using var server = GainServer.Start(new Echo(), "tcp://127.0.0.1:9000");
Task shutdown = server.WaitForShutdownAsync();
Console.WriteLine($"echo on {server.EndPoints[0]}, {server.WorkerCount} workers, {server.RingDescription}");
await shutdown;

[GainProtocol]
public partial struct Echo
{
    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data) => connection.Send(data);
}
