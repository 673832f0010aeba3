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

return await parsed.InvokeAsync();
