using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Gain.Tests.Server;

/// <summary>What a server without a logger writes, and that it never waits for whoever reads it.</summary>
public class StandardErrorTests
{
    [Test]
    public void Output_that_nobody_takes_holds_up_no_one_and_what_was_dropped_is_counted_and_told()
    {
        const int Count = 5_000;
        using var output = new GatedWriter();
        var writer = new LogWriter(() => output);
        var logger = new StandardErrorLogger(LogLevel.Warning, writer);
        for (int i = 0; i < Count; i++)
        {
            logger.LogWarning("message {Number}", i);
        }

        Assert.That(logger.Dropped, Is.AtLeast(Count - LogWriter.MostMessages - 2).And.LessThan(Count));
        Assert.That(writer.Flush(TimeSpan.FromMilliseconds(1)), Is.False, "nobody has taken anything");
        output.Open();
        Assert.That(writer.Flush(Clients.Patience));
        logger.LogWarning("one more");
        Assert.That(writer.Flush(Clients.Patience));

        string[] lines = output.Lines;
        Assert.That(
            lines.Count(line => line.StartsWith("gain: Warning: message ", StringComparison.Ordinal)),
            Is.EqualTo(Count - logger.Dropped));
        // One line where they are missing, or two: the thread may begin to write when some are dropped
        // already.
        Assert.That(lines.Sum(Missing), Is.EqualTo(logger.Dropped));
        Assert.That(lines.Count(line => Missing(line) != 0), Is.InRange(1, 2));
        Assert.That(lines[^1], Is.EqualTo("gain: Warning: one more"));
    }

    private static long Missing(string line)
    {
        Match told = Regex.Match(line, "^gain: Warning: ([0-9]+) messages are missing here");
        return told.Success ? long.Parse(told.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
    }

    [Test]
    public void Long_messages_that_wait_are_bounded_as_well()
    {
        using var output = new GatedWriter();
        var writer = new LogWriter(() => output);
        string message = new('x', 100_000);
        int taken = Enumerable.Range(0, 100).Count(_ => writer.TryWrite(message));
        Assert.That(taken * message.Length, Is.LessThanOrEqualTo(LogWriter.MostCharacters + message.Length));
        output.Open();
        Assert.That(writer.Flush(Clients.Patience));
        Assert.That(writer.TryWrite(message), "there is room again");
        Assert.That(writer.Flush(Clients.Patience));
    }

    [Test]
    public void Output_that_fails_is_counted_and_tried_again()
    {
        using var output = new GatedWriter { Fails = true };
        output.Open();
        var writer = new LogWriter(() => output);
        Assert.That(writer.TryWrite("lost"));
        Assert.That(writer.Flush(Clients.Patience));
        Assert.That(writer.Dropped, Is.EqualTo(1));
        output.Fails = false;
        Assert.That(writer.TryWrite("told"));
        Assert.That(writer.Flush(Clients.Patience));
        Assert.That(output.Lines, Is.EqualTo(["told"]));
    }

    [TestCase("\n", "\\n")]
    [TestCase("\r", "\\r")]
    [TestCase("\t", "\\t")]
    [TestCase("\0", "\\u0000")]
    [TestCase("\u001B", "\\u001B")]
    [TestCase("\u007F", "\\u007F")]
    [TestCase("\u0085", "\\u0085")]
    [TestCase("\u009B", "\\u009B")]
    [TestCase("\u2028", "\\u2028")]
    [TestCase("\u2029", "\\u2029")]
    [TestCase("\u202E", "\\u202E")]
    [TestCase("\u2066", "\\u2066")]
    [TestCase("\u200F", "\\u200F")]
    public void Text_of_a_peer_cannot_forge_a_line_or_steer_a_terminal(string hidden, string visible)
    {
        using var output = new GatedWriter();
        output.Open();
        var writer = new LogWriter(() => output);
        var logger = new StandardErrorLogger(LogLevel.Warning, writer);
        string text = $"hello{hidden}gain: Critical: forged";
        var fault = new InvalidOperationException(
            text, new AggregateException(text, new FormatException(text), new FormatException(text)));
        logger.LogError(fault, "{Text}", text);
        Assert.That(writer.Flush(Clients.Patience));

        string all = string.Join('\n', output.Lines);
        Assert.That(
            all.Split('\n').Count(line => line.StartsWith("gain: ", StringComparison.Ordinal)),
            Is.EqualTo(1));
        Assert.That(hidden == "\n" || !all.Contains(hidden, StringComparison.Ordinal), all);
        Assert.That(
            all.Split($"hello{visible}gain: Critical: forged"),
            Has.Length.AtLeast(6),
            "the message's and the faults'");
    }

    [Test]
    public void Text_without_anything_hidden_stays_the_same_object()
    {
        const string Text = "Größe 5 µm, 日本語 👍";
        Assert.That(VisibleText.Of(Text), Is.SameAs(Text));
    }

    [Test]
    public void Fault_is_logged_with_where_it_was_thrown_and_what_caused_it()
    {
        using var output = new GatedWriter();
        output.Open();
        var writer = new LogWriter(() => output);
        try
        {
            Throw();
        }
        catch (InvalidOperationException fault)
        {
            new StandardErrorLogger(LogLevel.Warning, writer).LogError(fault, "it failed");
        }

        Assert.That(writer.Flush(Clients.Patience));
        string[] lines = string.Join('\n', output.Lines).Split(Environment.NewLine);
        Assert.That(lines[0], Is.EqualTo("gain: Error: it failed"));
        Assert.That(lines[1], Is.EqualTo("   System.InvalidOperationException: outer"));
        Assert.That(lines[2], Does.StartWith("      at ").And.Contain(nameof(Throw)));
        Assert.That(lines[^1], Is.EqualTo("   ---> System.FormatException: inner"));
    }

    [Test]
    [NonParallelizable]
    public void Standard_error_has_one_writer_which_follows_what_the_program_puts_in_its_place()
    {
        TextWriter before = Console.Error;
        LogWriter writer = LogWriter.ForStandardError();
        try
        {
            for (int i = 0; i < 3; i++)
            {
                using var output = new GatedWriter();
                output.Open();
                Console.SetError(output);
                Assert.That(LogWriter.ForStandardError(), Is.SameAs(writer));
                var logger = new StandardErrorLogger(LogLevel.Warning);
                logger.LogWarning("number {Number}", i);
                logger.Flush(Clients.Patience);
                Assert.That(output.Lines, Has.Member($"gain: Warning: number {i}"));
            }
        }
        finally
        {
            Console.SetError(before);
        }
    }

    private static void Throw() => throw new InvalidOperationException("outer", new FormatException("inner"));
}
