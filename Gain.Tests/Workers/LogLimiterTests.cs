using Gain.Workers;

namespace Gain.Tests.Workers;

public class LogLimiterTests
{
    [Test]
    public void Five_at_once_then_one_a_second_and_the_next_tells_how_many_were_not_logged()
    {
        var limiter = default(LogLimiter);
        const long Now = 1_000_000;
        for (int i = 0; i < 5; i++)
        {
            Assert.That(limiter.TryTake(Now, out long none), $"message {i}");
            Assert.That(none, Is.Zero);
        }

        for (int i = 0; i < 7; i++)
        {
            Assert.That(limiter.TryTake(Now + 999, out _), Is.False);
        }

        Assert.That(limiter.TryTake(Now + 1_000, out long suppressed));
        Assert.That(suppressed, Is.EqualTo(7));
        Assert.That(limiter.TryTake(Now + 1_001, out _), Is.False);
    }
}
