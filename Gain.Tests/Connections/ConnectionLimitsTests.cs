using Gain.Writing;

namespace Gain.Tests.Connections;

/// <summary>What a policy for peers that read slowly makes of the limits.</summary>
[Parallelizable]
public sealed class ConnectionLimitsTests
{
    private const int High = 300;
    private const int Low = 200;
    private const int Max = 400;
    private const int Unconsumed = 100;

    [Test]
    public void A_policy_that_pauses_reads_up_to_the_watermark_and_closes_at_the_limit() => Assert.That(
        For(SlowReaderPolicy.PauseReading), Is.EqualTo(new ConnectionLimits(High, Low, Max, Unconsumed)));

    [TestCase(SlowReaderPolicy.Close, false)]
    [TestCase(SlowReaderPolicy.DropWrites, true)]
    public void A_policy_that_goes_on_reading_has_its_limit_at_the_watermark(
        SlowReaderPolicy policy, bool drops)
    {
        ConnectionLimits limits = For(policy);
        Assert.That(limits.KeepsReading);
        Assert.That(limits.MaxOutbound, Is.EqualTo(High));
        Assert.That(limits.MaxUnconsumed, Is.EqualTo(Unconsumed));
        Assert.That(limits.DropsWrites, Is.EqualTo(drops));
    }

    private static ConnectionLimits For(SlowReaderPolicy policy) =>
        ConnectionLimits.For(policy, High, Low, Max, Unconsumed);
}
