using System.CommandLine;
using Gain.Uring;
using Gain.UringLog;

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

const int Failed = 1;

var path = new Argument<string>("log") { Description = "The file of the log." };
var writers = new Option<int>("--writers")
{
    Description = "How many append at a time.", DefaultValueFactory = _ => 8,
};
var records = new Option<int>("--records")
{
    Description = "How many records each writer appends.", DefaultValueFactory = _ => 2000,
};
var bytes = new Option<int>("--bytes")
{
    Description = "The size of a record.", DefaultValueFactory = _ => 128,
};

var read = new Command("read", "Prints the number and the text of each record that is whole.") { path };
read.SetAction(parsed =>
{
    foreach (LogRecord record in LogReader.Read(parsed.GetValue(path)!, out _))
    {
        Console.WriteLine($"{record.Sequence} {System.Text.Encoding.UTF8.GetString(record.Data)}");
    }
});

var append = new Command("append", "Appends each line of the input, and prints its number once durable.")
{
    path,
};
append.SetAction((parsed, _) => Work.AppendLinesAsync(parsed.GetValue(path)!));

var stress = new Command("stress", "Appends until it is killed; prints a line for each durable record.")
{
    path, writers,
};
stress.SetAction((parsed, _) => Work.StressAsync(parsed.GetValue(path)!, parsed.GetValue(writers)));

var bench = new Command("bench", "Times durable appends with this log, and with FileStream and a lock.")
{
    path, writers, records, bytes,
};
bench.SetAction((parsed, _) => Bench.RunAsync(
    parsed.GetValue(path)!, parsed.GetValue(writers), parsed.GetValue(records), parsed.GetValue(bytes)));

var root = new RootCommand("A write-ahead log on io_uring.") { read, append, stress, bench };
try
{
    return await root.Parse(args).InvokeAsync(
        new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception failure) when (failure is IOException or RingException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"uring-log: {failure.Message}");
    return Failed;
}
