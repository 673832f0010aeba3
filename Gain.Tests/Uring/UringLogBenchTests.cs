using System.Globalization;
using System.Text;

namespace Gain.Tests.Uring;

/// <summary>The bench of the example UringLog: it compares what writes the same.</summary>
[TestFixture]
internal sealed class UringLogBenchTests
{
    [Test]
    public void The_same_log_is_measured_three_times()
    {
        using TempFolder folder = new();

        Outcome bench = Bench(folder.At("log"), "--writers", "2", "--records", "20", "--rounds", "1");

        // It has read each log again, the one in C too, or it would have failed.
        Assert.That(bench.Errors, Is.Empty);
        string[][] rows = [.. Encoding.UTF8.GetString(bench.Output).Split('\n')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words is ["C" or "Gain.Uring" or "FileStream", ..])];
        Assert.That(rows.Select(row => row[0]), Is.EqualTo(["C", "Gain.Uring", "FileStream"]));
        Assert.Multiple(() =>
        {
            foreach (string[] row in rows)
            {
                Assert.That(Number(row[1]), Is.Positive, row[0]);

                // A group of a block has one record or two.
                Assert.That(Number(row[2]), Is.InRange(2048, 4096), row[0]);
                Assert.That(Number(row[3]), Is.Positive, row[0]);
            }

            Assert.That(Number(rows[0][3]), Is.EqualTo(1));
        });
        Assert.That(File.Exists(folder.At("log")), Is.False);
    }

    [Test]
    public void A_file_that_is_there_is_left_alone()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder.At("log"), "mine");

        Outcome bench = Bench(folder.At("log"));

        Assert.That(bench.ExitCode, Is.EqualTo(1));
        Assert.That(bench.Errors, Does.Contain("log exists").And.Contain("name one that does not"));
        Assert.That(File.ReadAllText(folder.At("log")), Is.EqualTo("mine"));
    }

    [TestCase("--writers", "0", "from 1 to 1,024")]
    [TestCase("--records", "x", "from 1 to 1,000,000")]
    [TestCase("--bytes", "-1", "from 0 to 262,108")]
    [TestCase("--rounds", "1001", "from 1 to 1,000")]
    public void A_number_out_of_its_range_is_refused(string option, string value, string range)
    {
        using TempFolder folder = new();

        Outcome bench = Bench(folder.At("log"), option, value);

        Assert.That(bench.ExitCode, Is.EqualTo(1));
        Assert.That(bench.Errors, Does.Contain($"{option} takes a whole number {range}"));
    }

    private static Outcome Bench(string path, params string[] options)
    {
        Outcome outcome = UringExample.Run("UringLog", "uring-log", ["bench", path, .. options]);
        if (outcome.Errors.Contains("Cannot start cc", StringComparison.Ordinal))
        {
            Assert.Ignore(outcome.Errors);
        }

        return outcome;
    }

    private static double Number(string word) => double.Parse(word, CultureInfo.InvariantCulture);
}
