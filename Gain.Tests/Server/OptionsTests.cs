namespace Gain.Tests.Server;

public class OptionsTests
{
    private static readonly object[] s_impossible =
    [
        new object[] { new GainOptions { Workers = 0 }, "Workers", "0", "1 to 1,024" },
        new object[] { new GainOptions { Workers = 1_025 }, "Workers", "1,025", "1 to 1,024" },
        new object[] { new GainOptions { MaxConnections = 0 }, "MaxConnections", "0", "1 to 16,777,216" },
        new object[] { new GainOptions { RingEntries = 1_000 }, "RingEntries", "1,000", "a power of two from 8 to 32,768" },
        new object[] { new GainOptions { BufferCount = 3 }, "BufferCount", "3", "a power of two from 2 to 32,768" },
        new object[] { new GainOptions { BufferBytes = 63 }, "BufferBytes", "63", "64 to 1,048,576" },
        new object[] { new GainOptions { Backlog = -1 }, "Backlog", "-1", "1 to 1,048,576" },
        new object[]
        {
            new GainOptions { OutboundHighWatermarkBytes = 0 }, "OutboundHighWatermarkBytes", "0", "1 to 1,073,741,823",
        },
        new object[]
        {
            new GainOptions { OutboundLowWatermarkBytes = 1 << 20 }, "OutboundLowWatermarkBytes", "1,048,576",
            "0 to 1,048,575",
        },
        new object[]
        {
            new GainOptions { MaxOutboundBytes = 1_000 }, "MaxOutboundBytes", "1,000", "1,048,576 to 1,073,741,823",
        },
        new object[] { new GainOptions { MaxUnconsumedBytes = 0 }, "MaxUnconsumedBytes", "0", "1 to 536,870,911" },
        new object[]
        {
            new GainOptions { LingerTimeout = TimeSpan.FromSeconds(-1) }, "LingerTimeout", "-00:00:01", "0 to 01:00:00",
        },
        new object[]
        {
            new GainOptions { DrainTimeout = TimeSpan.FromDays(2) }, "DrainTimeout", "2.00:00:00", "0 to 1.00:00:00",
        },
        new object[] { new GainOptions { MailboxCapacity = 5 }, "MailboxCapacity", "5", "a power of two from 2" },
    ];

    [TestCaseSource(nameof(s_impossible))]
    public void Impossible_value_is_refused_with_option_value_and_range(
        GainOptions options, string name, string value, string range)
    {
        GainException refused = Assert.Throws<GainException>(
            () => GainServer.Start(new EchoProtocol(), "tcp://127.0.0.1:0", options))!;
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.OptionInvalid));
        Assert.That(refused.Message, Does.Contain($"GainOptions.{name} is {value},").And.Contain(range));
    }

    [Test]
    public void Every_numeric_option_has_a_case_above()
    {
        string[] numeric = [.. typeof(GainOptions).GetProperties()
            .Where(p => p.PropertyType == typeof(int) || p.PropertyType == typeof(TimeSpan))
            .Select(p => p.Name)];
        Assert.That(
            s_impossible.Select(c => ((object[])c)[1]).Distinct(), Is.EquivalentTo(numeric));
    }

    [Test]
    public async Task Options_changed_after_the_start_change_nothing()
    {
        var options = new GainOptions { Workers = 2 };
        await using GainServer server = GainServer.Start(new EchoProtocol(), "tcp://127.0.0.1:0", options);
        options.Workers = 1;
        Assert.That(server.Workers, Is.EqualTo(2));
    }
}
