using System.Diagnostics;

namespace Gain.UringLog;

/// <summary>
/// Durable appends in a second: this log's, and those of a stream that is flushed for each.
/// </summary>
internal static class Bench
{
    /// <summary>Runs both, one after the other, on new files.</summary>
    internal static async Task RunAsync(string path, int writers, int records, int bytes)
    {
        byte[] record = new byte[bytes];
        Report("log", writers * records, await TimeLogAsync(path, writers, records, record));
        Report("FileStream", writers * records, await TimeStreamAsync(path, writers, records, record));
        File.Delete(path);
    }

    private static async Task<TimeSpan> TimeLogAsync(string path, int writers, int records, byte[] record)
    {
        File.Delete(path);
        await using WriteAheadLog log = await WriteAheadLog.OpenAsync(path);
        return await TimeAsync(writers, records, () => log.AppendAsync(record));
    }

    private static async Task<TimeSpan> TimeStreamAsync(string path, int writers, int records, byte[] record)
    {
        File.Delete(path);
        await using FileStream stream = new(path, FileMode.Create, FileAccess.Write, FileShare.Read, 0);
        Lock gate = new();
        return await TimeAsync(writers, records, () =>
        {
            lock (gate)
            {
                stream.Write(record);
                stream.Flush(flushToDisk: true);
            }

            return Task.CompletedTask;
        });
    }

    private static async Task<TimeSpan> TimeAsync(int writers, int records, Func<Task> append)
    {
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < records; i++)
            {
                await append();
            }
        })));
        return Stopwatch.GetElapsedTime(start);
    }

    private static void Report(string name, int count, TimeSpan time) => Console.WriteLine(
        $"{name}: {count / time.TotalSeconds:N0} appends/s, {count:N0} in {time.TotalSeconds:N2} s");
}
