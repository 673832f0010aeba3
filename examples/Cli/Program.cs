using System.CommandLine;
using Gain.Cli;

ParseResult parsed = CommandLine.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
    {
        Console.Error.WriteLine($"gain: {error.Message}");
    }

    Console.Error.WriteLine("gain: `gain --help` lists the options.");
    return CommandLine.UsageError;
}

// Signals are the server's: the command line's own handling would end a drain after two seconds.
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
