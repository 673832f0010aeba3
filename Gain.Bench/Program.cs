using System.CommandLine;
using Gain.Bench;
using Gain.Bench.Commands;

const int Interrupted = 130;

var root = new RootCommand("Measures Gain: whole servers side by side, and single pieces.")
{
    RaceCommand.Create(),
    IdleCommand.Create(),
    StartupCommand.Create(),
    AllocationsCommand.Create(),
    MicroCommand.Create(),
    AnalyzersCommand.Create(),
    SimulateCommand.Create(),
    UringCommand.Create(),
    UdpCommand.Create(),
    RelayCommand.Create(),
    PeersCommand.Create(),
    SessionsCommand.Create(),
    DialsCommand.Create(),
    TlsCommand.Create(),
    TimersCommand.Create(),
};

// Ctrl+C and SIGTERM cancel the action; what it has started is ended before it returns.
var invocation = new InvocationConfiguration
{
    EnableDefaultExceptionHandler = false,
    ProcessTerminationTimeout = TimeSpan.FromSeconds(10),
};
try
{
    return await root.Parse(args).InvokeAsync(invocation);
}
catch (BenchException refused)
{
    Console.Error.WriteLine($"Gain.Bench: {refused.Message}");
    return 1;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Gain.Bench: interrupted.");
    return Interrupted;
}
