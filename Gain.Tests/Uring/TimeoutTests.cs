using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

[TestFixture]
internal sealed unsafe class TimeoutTests
{
    [Test]
    public void Completes_with_ETIME_when_the_time_is_up()
    {
        using Ring ring = TestRing.Create();
        Timespec time = Timespec.FromNanoseconds(1_000_000);

        ring.Entry(1).PrepTimeout(&time, 0, TimeoutFlags.None);

        Assert.That(ring.Next().Result, Is.EqualTo(-Errno.ETIME));
    }

    [Test]
    public void Completes_with_zero_after_its_count_of_completions()
    {
        using Ring ring = TestRing.Create();
        Timespec time = new(3600, 0);
        ring.Entry(1).PrepTimeout(&time, 1, TimeoutFlags.None);
        ring.AssertIdle();

        ring.Entry(2).PrepNop();

        Assert.That(ring.Next(2)[0].Result, Is.Zero);
    }

    [Test]
    public void Can_be_removed()
    {
        using Ring ring = TestRing.Create();
        Timespec time = new(3600, 0);
        ring.Entry(1).PrepTimeout(&time, 0, TimeoutFlags.None);
        ring.AssertIdle();

        ring.Entry(2).PrepTimeoutRemove(1);

        CompletionEntry[] completions = ring.Next(2);
        Assert.That(completions[0].Result, Is.EqualTo(-Errno.ECANCELED));
        Assert.That(completions[1].Result, Is.Zero);
    }

    [Test]
    public void The_removal_of_none_completes_with_ENOENT()
    {
        using Ring ring = TestRing.Create();

        ring.Entry(1).PrepTimeoutRemove(99);

        Assert.That(ring.Next().Result, Is.EqualTo(-Errno.ENOENT));
    }

    [TestCase(0, 0, 0)]
    [TestCase(999_999_999, 0, 999_999_999)]
    [TestCase(1_000_000_000, 1, 0)]
    [TestCase(long.MaxValue, 9_223_372_036, 854_775_807)]
    public void Nanoseconds_split_into_seconds(long nanoseconds, long seconds, long rest) =>
        Assert.That(Timespec.FromNanoseconds(nanoseconds), Is.EqualTo(new Timespec(seconds, rest)));
}
