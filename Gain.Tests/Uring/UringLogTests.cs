using System.Diagnostics;
using System.Globalization;
using System.Text;
using CsCheck;
using Gain.UringLog;

namespace Gain.Tests.Uring;

/// <summary>The example UringLog: what it says is durable is there after any crash, in order.</summary>
[TestFixture]
internal sealed class UringLogTests
{
    [Test]
    public void What_is_appended_is_read_again()
    {
        using TempFolder folder = new();

        Outcome first = UringExample.RunWithInput(
            Encoding.UTF8.GetBytes("one\n\nthree\n"), "UringLog", "uring-log", "append", folder.At("log"));
        Outcome second = UringExample.RunWithInput(
            Encoding.UTF8.GetBytes("four\n"), "UringLog", "uring-log", "append", folder.At("log"));
        Outcome read = UringExample.Run("UringLog", "uring-log", "read", folder.At("log"));

        Assert.That(first.Errors + second.Errors + read.Errors, Is.Empty);
        Assert.That(Encoding.UTF8.GetString(first.Output), Is.EqualTo("0\n1\n2\n"));
        Assert.That(Encoding.UTF8.GetString(second.Output), Is.EqualTo("3\n"));
        Assert.That(Encoding.UTF8.GetString(read.Output), Is.EqualTo("0 one\n1 \n2 three\n3 four\n"));
    }

    [Test]
    public void What_was_durable_when_it_was_killed_is_there()
    {
        using TempFolder folder = new();
        Dictionary<long, string> durable = [];
        for (int turn = 0; turn < 3; turn++)
        {
            StressAndKill(folder.At("log"), durable);

            List<LogRecord> records = LogReader.Read(folder.At("log"), out _);
            Assert.That(
                records.Select(record => record.Sequence), Is.EqualTo(Enumerable.Range(0, records.Count)));
            Assert.Multiple(() =>
            {
                foreach ((long sequence, string text) in durable)
                {
                    Assert.That(sequence, Is.LessThan(records.Count));
                    Assert.That(Encoding.UTF8.GetString(records[(int)sequence].Data), Does.StartWith(text));
                }
            });
            AssertWritersAreInOrder(records);
        }

        TestContext.Out.WriteLine($"{durable.Count:N0} records were durable");
    }

    [Test]
    public void What_was_durable_when_the_device_failed_is_there() =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 6], Gen.Int[1, 4]).Sample((seed, failing, crashes) =>
        {
            using TempFolder folder = new();
            Random random = new(seed);
            Dictionary<long, byte[]> durable = [];
            for (int i = 0; i < crashes; i++)
            {
                AppendUntilItFailsAsync(folder.At("log"), random, failing, durable).GetAwaiter().GetResult();
                List<LogRecord> records = LogReader.Read(folder.At("log"), out _);
                foreach ((long sequence, byte[] data) in durable)
                {
                    Assert.That(sequence, Is.LessThan(records.Count), "A durable record is lost.");
                    Assert.That(records[(int)sequence].Data.AsSpan().SequenceEqual(data), "It is another.");
                }
            }
        }, iter: 60, threads: 1);

    [Test]
    public async Task A_damaged_group_ends_the_log_there()
    {
        using TempFolder folder = new();
        await using (WriteAheadLog log = await OpenAsync(folder.At("log")))
        {
            for (int i = 0; i < 5; i++)
            {
                Assert.That(await log.AppendAsync(new byte[100]), Is.EqualTo(i));
            }
        }

        Assert.That(new FileInfo(folder.At("log")).Length, Is.EqualTo(5 * LogFormat.BlockBytes));
        using (FileStream file = new(folder.At("log"), FileMode.Open))
        {
            file.Position = (2 * LogFormat.BlockBytes) + LogFormat.HeadBytes + 50;
            file.WriteByte(1);
        }

        Assert.That(LogReader.Read(folder.At("log"), out LogPosition end), Has.Count.EqualTo(2));
        Assert.That(end.Offset, Is.EqualTo(2 * LogFormat.BlockBytes));

        // The groups behind it were whole, and are none of the log that goes on.
        await using (WriteAheadLog log = await OpenAsync(folder.At("log")))
        {
            Assert.That(await log.AppendAsync(new byte[100]), Is.EqualTo(2));
        }

        Assert.That(LogReader.Read(folder.At("log"), out _), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task What_waits_goes_out_together()
    {
        using TempFolder folder = new();
        await using (WriteAheadLog log = await OpenAsync(folder.At("log")))
        {
            // Far more than the device takes one after the other.
            Task<long>[] appends = [.. Enumerable.Range(0, 2000).Select(_ => log.AppendAsync(new byte[10]))];
            Assert.That((await Task.WhenAll(appends)).Order(), Is.EqualTo(Enumerable.Range(0, 2000)));
        }

        long groups = new FileInfo(folder.At("log")).Length / LogFormat.BlockBytes;
        Assert.That(groups, Is.LessThan(1500), "Each record had a group of its own.");
    }

    [Test]
    public async Task A_record_that_is_too_long_or_too_late_is_refused()
    {
        using TempFolder folder = new();
        WriteAheadLog log = await OpenAsync(folder.At("log"));
        Assert.That(
            await Catch(log, WriteAheadLog.MaxRecordBytes + 1), Is.InstanceOf<ArgumentException>());
        Assert.That(await log.AppendAsync(new byte[WriteAheadLog.MaxRecordBytes]), Is.Zero);
        await log.DisposeAsync();

        Assert.That(await Catch(log, 1), Is.InstanceOf<ObjectDisposedException>());
        List<LogRecord> records = LogReader.Read(folder.At("log"), out _);
        Assert.That(records[0].Data, Has.Length.EqualTo(WriteAheadLog.MaxRecordBytes));
    }

    [Test]
    public void A_file_that_cannot_be_opened_says_so()
    {
        using TempFolder folder = new();

        Outcome failed = UringExample.RunWithInput(
            [], "UringLog", "uring-log", "append", folder.At("none/log"));

        Assert.That(failed.ExitCode, Is.EqualTo(1));
        Assert.That(failed.Errors, Does.Contain("none/log: ENOENT"));
    }

    private static async Task<Exception?> Catch(WriteAheadLog log, int bytes)
    {
        try
        {
            _ = await log.AppendAsync(new byte[bytes]);
            return null;
        }
        catch (Exception thrown) when (thrown is ArgumentException or ObjectDisposedException)
        {
            return thrown;
        }
    }

    private static Task<WriteAheadLog> OpenAsync(string path)
    {
        TestRing.Create().Dispose();
        return WriteAheadLog.OpenAsync(path);
    }

    private static async Task AppendUntilItFailsAsync(
        string path, Random random, int failing, Dictionary<long, byte[]> durable)
    {
        await using WriteAheadLog log = await WriteAheadLog.OpenAsync(
            path, () => new FaultyDevice(path, random, failing));
        bool failed = false;
        while (!failed)
        {
            byte[][] batch =
                [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => new byte[random.Next(9000)])];
            Array.ForEach(batch, random.NextBytes);
            Task<long>[] appends = [.. batch.Select(data => log.AppendAsync(data))];
            for (int i = 0; i < appends.Length; i++)
            {
                try
                {
                    durable.Add(await appends[i], batch[i]);
                }
                catch (LogFailedException)
                {
                    failed = true;
                }
            }
        }
    }

    private static void StressAndKill(string path, Dictionary<long, string> durable)
    {
        using Process process = UringExample.Start("UringLog", "uring-log", "stress", path, "--writers", "6");
        int before = durable.Count;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            // The last line can be cut in the middle.
            if (line.EndsWith('.') && line.Split(' ') is [var sequence, var text])
            {
                durable[long.Parse(sequence, CultureInfo.InvariantCulture)] = text;
            }

            if (durable.Count == before + 300)
            {
                process.Kill();
            }
        }

        process.WaitForExit();
        string errors = process.StandardError.ReadToEnd();
        if (errors.Contains("io_uring_setup: ", StringComparison.Ordinal))
        {
            Assert.Ignore(errors);
        }

        Assert.That(durable.Count, Is.GreaterThanOrEqualTo(before + 300), errors);
    }

    // Each writer appends the next record when the one before is durable.
    private static void AssertWritersAreInOrder(List<LogRecord> records)
    {
        Dictionary<string, int> next = [];
        foreach (LogRecord record in records)
        {
            string[] parts = Encoding.UTF8.GetString(record.Data).Split('.');
            string writer = $"{parts[0]}.{parts[1]}";
            int count = int.Parse(parts[2], CultureInfo.InvariantCulture);
            Assert.That(count, Is.EqualTo(next.GetValueOrDefault(writer)), writer);
            next[writer] = count + 1;
        }
    }
}
