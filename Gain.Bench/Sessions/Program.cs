using System.Globalization;
using Gain;
using Gain.Bench.Sessions;
using Gain.Cli;

// gain-sessions KIND HANDLER PORT: one worker, until SIGTERM; then what it has counted, as a line of JSON.
if (args is not [string kind, string handler, string port])
{
    Console.Error.WriteLine("gain-sessions callback|session|helper|away http|echo PORT");
    return 2;
}

string address = string.Create(CultureInfo.InvariantCulture, $"tcp://127.0.0.1:{port}");
var options = new GainOptions { WorkerCount = 1 };
PlaintextResponse[] responses = [new()];
GainServer? started = (kind, handler) switch
{
    ("callback", "echo") => GainServer.Start(new EchoHandler(), address, options),
    ("callback", "http") => GainServer.Start(new HttpHandler(responses), address, options),
    ("session", "echo") => GainServer.Start(new EchoSession(), address, options),
    ("session", "http") => GainServer.Start(new HttpSession(responses), address, options),
    ("helper", "echo") => GainServer.Start(new EchoHelper(), address, options),
    ("helper", "http") => GainServer.Start(new HttpHelper(responses), address, options),
    ("away", "echo") => GainServer.Start(new AwaySession(), address, options),
    _ => null,
};
if (started is null)
{
    Console.Error.WriteLine($"gain-sessions has no {kind} for {handler}.");
    return 2;
}

await using GainServer server = started;
await server.WaitForShutdownAsync();
GainStatistics counted = server.Statistics;
Console.WriteLine(
    $"{{\"accepted\":{counted.Accepted},\"allocated_bytes_on_workers\":{counted.AllocatedBytes}}}");
return 0;
