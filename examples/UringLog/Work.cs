using System.Text;

namespace Gain.UringLog;

/// <summary>What the program does with a log.</summary>
internal static class Work
{
    /// <summary>Appends the lines of the input.</summary>
    internal static async Task AppendLinesAsync(string path)
    {
        await using WriteAheadLog log = await WriteAheadLog.OpenAsync(path);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            Console.WriteLine(await log.AppendAsync(Encoding.UTF8.GetBytes(line)));
        }
    }

    /// <summary>Appends forever: records of several sizes, with the writer and its count in front.</summary>
    internal static async Task StressAsync(string path, int writers)
    {
        await using WriteAheadLog log = await WriteAheadLog.OpenAsync(path);
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            for (int i = 0; ; i++)
            {
                string text = $"{Environment.ProcessId}.{writer}.{i}.";
                byte[] data = Encoding.UTF8.GetBytes(text + new string('x', i * 37 % 9000));
                long sequence = await log.AppendAsync(data);
                Console.WriteLine($"{sequence} {text}");
            }
        })));
    }
}
