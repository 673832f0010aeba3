using System.CommandLine;
using Gain.Uring;
using Gain.UringCopy;
using Spectre.Console;

const int Failed = 1;
const int KiB = 1024;

var source = new Argument<FileInfo>("source") { Description = "The file to copy." };
var destination = new Argument<FileInfo>("destination") { Description = "The file to make." };
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
root.SetAction(parsed =>
{
    var settings = new CopySettings(
        parsed.GetValue(source)!.FullName,
        parsed.GetValue(destination)!.FullName,
        parsed.GetValue(depth),
        parsed.GetValue(block) * KiB,
        parsed.GetValue(force),
        parsed.GetValue(sync));
    if (parsed.GetValue(quiet))
    {
        Copier.Run(settings, _ => { });
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
            Copier.Run(settings, written => task.Value = written);
            task.Value = task.MaxValue;
        });
    return 0;
});

try
{
    return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception failure) when (failure is IOException or RingException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"uring-copy: {failure.Message}");
    return Failed;
}
