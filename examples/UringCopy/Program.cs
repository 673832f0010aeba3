using System.CommandLine;
using System.Runtime.InteropServices;
using Gain.Uring;
using Gain.UringCopy;
using Spectre.Console;

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

const int Failed = 1;
const int Signalled = 128;
const int KiB = 1024;
const int MaxMiB = 1024;

var source = new Argument<string>("source") { Description = "The file to copy." };
var destination = new Argument<string>("destination") { Description = "The file to make." };
var depth = new Option<int>("--depth")
{
    Description = "How many reads and writes are in flight at once, from 1 to 1,024.",
    DefaultValueFactory = _ => 32,
};
var block = new Option<int>("--block-kib")
{
    Description = "The size of each read and write in KiB, from 1 to 16,384.",
    DefaultValueFactory = _ => 128,
};
var force = new Option<bool>("--force") { Description = "Replace the destination when there is one." };
var sync = new Option<bool>("--sync") { Description = "Wait until the copy is on its device." };
var quiet = new Option<bool>("--quiet") { Description = "Show no progress." };
depth.Validators.Add(result => Limits.Check(result, "--depth", 1, 1024));
block.Validators.Add(result => Limits.Check(result, "--block-kib", 1, 16_384));

var root = new RootCommand("Copies a file with io_uring, many reads and writes at a time.")
{
    source, destination, depth, block, force, sync, quiet,
};
root.Validators.Add(result =>
{
    long mib = (long)result.GetValue(depth) * result.GetValue(block) / KiB;
    if (mib > MaxMiB)
    {
        result.AddError(
            $"--depth {result.GetValue(depth):N0} times --block-kib {result.GetValue(block):N0} is {mib:N0} "
            + $"MiB of memory that stays in place, and at most {MaxMiB:N0} MiB are taken: lower one.");
    }
});

int signal = 0;
using var ending = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => End(context, 2));
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => End(context, 15));

root.SetAction(parsed =>
{
    var settings = new CopySettings(
        parsed.GetValue(source)!,
        parsed.GetValue(destination)!,
        parsed.GetValue(depth),
        parsed.GetValue(block) * KiB,
        parsed.GetValue(force),
        parsed.GetValue(sync));
    if (parsed.GetValue(quiet))
    {
        Copier.Run(settings, _ => { }, ending.Token);
        return 0;
    }

    // Standard output stays free for pipes.
    IAnsiConsole console = AnsiConsole.Create(
        new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
    console.Progress()
        .Columns(
            new TaskDescriptionColumn(), new ProgressBarColumn(), new DownloadedColumn(),
            new TransferSpeedColumn(), new RemainingTimeColumn())
        .Start(progress =>
        {
            string name = Markup.Escape(Path.GetFileName(settings.Source));
            long bytes = File.Exists(settings.Source) ? new FileInfo(settings.Source).Length : 0;
            ProgressTask task = progress.AddTask(name, maxValue: Math.Max(1, bytes));
            Copier.Run(settings, copied => task.Value = copied, ending.Token);
            task.Value = task.MaxValue;
        });
    return 0;
});

try
{
    return root.Parse(args).Invoke(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null,
    });
}
catch (OperationCanceledException)
{
    return Signalled + signal;
}
catch (Exception failure) when (failure is IOException or RingException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"uring-copy: {failure.Message}");
    return Failed;
}

// The copy ends itself, and removes what it made.
void End(PosixSignalContext context, int number)
{
    context.Cancel = true;
    signal = number;
    ending.Cancel();
}
