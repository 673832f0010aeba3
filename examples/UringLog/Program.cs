using System.CommandLine;
using Gain.Uring;
using Gain.UringLog;

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

const int Failed = 1;

var path = new Argument<string>("log") { Description = "The file of the log." };
Option<int> writers = Number("--writers", "How many append at a time.", 8, 1, 1024);
Option<int> records = Number("--records", "How many records each writer appends.", 2000, 1, 1_000_000);
Option<int> bytes = Number("--bytes", "The size of a record.", 128, 0, WriteAheadLog.MaxRecordBytes);
Option<int> rounds = Number("--rounds", "How often each log is measured.", 7, 1, 1000);

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

var bench = new Command("bench", "Times durable appends: this log, the same in C, and by FileStream.")
{
    path, writers, records, bytes, rounds,
};
bench.SetAction((parsed, _) => new Bench(
    parsed.GetValue(path)!, parsed.GetValue(writers), parsed.GetValue(records), parsed.GetValue(bytes))
    .RunAsync(parsed.GetValue(rounds)));

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

static Option<int> Number(string name, string description, int value, int least, int most)
{
    var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
    option.Validators.Add(result =>
    {
        // By the word: to ask for the value of what is no number throws.
        if (result.Tokens is [var word]
            && !(int.TryParse(word.Value, out int given) && given >= least && given <= most))
        {
            result.AddError($"{name} takes a whole number from {least:N0} to {most:N0}.");
        }
    });
    return option;
}
