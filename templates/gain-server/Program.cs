using Gain;

string address = args is [var first, ..] ? first : "tcp://127.0.0.1:9000";
#if (LINES)
await using var server = GainServer.Start(new Lines(), address);
#else
await using var server = GainServer.Start(new Echo(), address);
#endif

// From here on SIGINT and SIGTERM finish what is open, then stop.
Task stopped = server.WaitForShutdownAsync();
Console.WriteLine($"listening on {string.Join(", ", server.EndPoints)}, {server.RingDescription}");
await stopped;
