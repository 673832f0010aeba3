using System.Diagnostics;
using System.Globalization;

namespace Gain.UringLog;

/// <summary>
/// Durable appends: this log's, those of the same log in C, and those of this one on a FileStream. They take
/// turns, and each is compared with C in the same round, so that a machine that is slower for a while is so
/// for all of them.
/// </summary>
/// <param name="path">The file that is written, read again and deleted in each run.</param>
/// <param name="writers">How many append at a time.</param>
/// <param name="records">How many records each of them appends.</param>
/// <param name="bytes">The size of a record.</param>
internal sealed class Bench(string path, int writers, int records, int bytes)
{
    private const string C = "C";
    private const int WarmUps = 3;

    private readonly byte[] _record = new byte[bytes];

    /// <summary>Runs the rounds, and prints the medians.</summary>
    /// <exception cref="IOException">
    /// There is such a file; C cannot be compiled; or a log has not what was appended.
    /// </exception>
    internal async Task RunAsync(int rounds)
    {
        if (File.Exists(path))
        {
            throw new IOException($"{path} exists, and the bench deletes its file: name one that does not.");
        }

        using Baseline baseline = new();
        (string Name, Func<int, Task<double>> Run)[] contenders =
        [
            (C, count => Task.FromResult(baseline.Run(path, writers, count, bytes))),
            ("Gain.Uring", count => TimeAsync(count, () => new RingDevice(path, WriteAheadLog.GroupBytes))),
            ("FileStream", count => TimeAsync(count, () => new StreamDevice(path, WriteAheadLog.GroupBytes))),
        ];
        Dictionary<string, Run>[] measured = new Dictionary<string, Run>[rounds];
        for (int round = -WarmUps; round < rounds; round++)
        {
            // Each round begins with another; short ones first, in which code is compiled.
            int count = round < 0 ? Math.Min(records, 500) : records;
            Dictionary<string, Run> runs = [];
            for (int i = 0; i < contenders.Length; i++)
            {
                (string name, Func<int, Task<double>> run) =
                    contenders[(round + WarmUps + i) % contenders.Length];
                runs[name] = await MeasureAsync(name, count, run);
            }

            if (round >= 0)
            {
                measured[round] = runs;
            }
        }

        Print(contenders.Select(contender => contender.Name), measured);
    }

    private async Task<Run> MeasureAsync(string name, int count, Func<int, Task<double>> run)
    {
        try
        {
            double nanoseconds = await run(count);
            List<LogRecord> found = LogReader.Read(path, out LogPosition end);
            int whole = found.Count(record => record.Data.AsSpan().SequenceEqual(_record));
            long all = (long)writers * count;
            return whole == all && found.Count == all
                ? new Run(nanoseconds, (double)end.Offset / all)
                : throw new IOException(
                    $"The log of {name} has {found.Count:N0} records, {whole:N0} of them right: "
                    + $"{all:N0} were appended.");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private async Task<double> TimeAsync(int count, Func<ILogDevice> device)
    {
        await using WriteAheadLog log = await WriteAheadLog.OpenAsync(path, device);
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < count; i++)
            {
                await log.AppendAsync(_record);
            }
        })));
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / ((double)writers * count);
    }

    private void Print(IEnumerable<string> names, Dictionary<string, Run>[] rounds)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{writers} writers with {records:N0} records of {bytes:N0} bytes, {rounds.Length} rounds"));
        Console.WriteLine($"{"log",-12}{"us/append",10}{"bytes/append",14}{"ratio to C",12}{"min-max",13}");
        foreach (string name in names)
        {
            double[] ratios =
                [.. rounds.Select(runs => runs[name].Nanoseconds / runs[C].Nanoseconds).Order()];
            double time = Median([.. rounds.Select(runs => runs[name].Nanoseconds).Order()]) / 1000;
            double size = Median([.. rounds.Select(runs => runs[name].Bytes).Order()]);
            string range = string.Create(CultureInfo.InvariantCulture, $"{ratios[0]:N2}-{ratios[^1]:N2}");
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-12}{time,10:N1}{size,14:N0}{Median(ratios),12:N3}{range,13}"));
        }
    }

    private static double Median(double[] sorted) =>
        (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;

    // The bytes in the file tell how large the groups were.
    private readonly record struct Run(double Nanoseconds, double Bytes);
}
