using CsCheck;
using Gain.Slots;

namespace Gain.Tests.Connections;

[Parallelizable(ParallelScope.Self)]
public class TimerWheelTests
{
    private const int Timers = 40;

    [Test]
    public void Timer_expires_at_its_time_and_not_before()
    {
        using var wheel = new TimerWheel(1);
        foreach (long ahead in (long[])[1, 63, 64, 65, 4_095, 4_096, 4_097, 1 << 18, TimerWheel.MaxAheadMs])
        {
            long now = 1_000_003;
            wheel.Arm(0, now, now + ahead);
            Assert.That(wheel.NextDueMs, Is.EqualTo(now + ahead));
            Assert.That(wheel.TryExpire(now + ahead - 1, out _), Is.False, $"{ahead}");
            Assert.That(wheel.TryExpire(now + ahead, out int timer), $"{ahead}");
            Assert.That(timer, Is.Zero);
            Assert.That(wheel.Count, Is.Zero);
            Assert.That(wheel.NextDueMs, Is.EqualTo(TimerWheel.Never));
        }
    }

    [Test]
    public void Past_due_timer_expires_at_once()
    {
        using var wheel = new TimerWheel(2);
        wheel.Arm(0, 5_000, 5_000);
        Assert.That(wheel.TryExpire(5_000, out _));
        wheel.Arm(1, 5_000, 12);
        Assert.That(wheel.TryExpire(5_000, out int timer));
        Assert.That(timer, Is.EqualTo(1));
    }

    [Test]
    public void Timer_outside_the_wheel_is_refused()
    {
        using var wheel = new TimerWheel(2);
        Assert.Throws<ArgumentOutOfRangeException>(() => wheel.Arm(2, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => wheel.Cancel(-1));
    }

    [Test]
    public void Cancelled_timer_never_expires_and_empties_the_wheel()
    {
        using var wheel = new TimerWheel(3);
        wheel.Arm(0, 0, 100);
        wheel.Arm(1, 0, 100);
        wheel.Arm(2, 0, 90_000);
        wheel.Cancel(1);
        wheel.Cancel(1);
        Assert.That(wheel.IsArmed(1), Is.False);
        Assert.That(wheel.TryExpire(1_000_000, out int first));
        Assert.That(first, Is.Zero);
        wheel.Cancel(2);
        Assert.That(wheel.TryExpire(1_000_000, out _), Is.False);
        Assert.That(wheel.Count, Is.Zero);
    }

    [Test]
    public void Coarse_due_times_are_never_early_and_late_by_a_64th_of_the_period_at_most()
    {
        Gen.Select(Gen.Long[0, 1L << 40], Gen.Long[1, TimerWheel.MaxAheadMs]).Sample((due, period) =>
            TimerWheel.Coarsen(due, period) is long coarse && coarse >= due && coarse - due <= period / 64);
        Assert.That(TimerWheel.Coarsen(1_001, 60_000), Is.EqualTo(1_024));
    }

    // Any sequence of arming, moving, cancelling and waiting expires the same timers, at the same looks, as a
    // list that is searched whole. Times reach over all levels.
    [Test]
    public void Wheel_does_what_a_plain_list_does()
    {
        Gen<(int Kind, int Timer, long Time)> step = Gen.Select(
            Gen.Int[0, 3],
            Gen.Int[0, Timers - 1],
            Gen.OneOf(
                Gen.Long[0, 3], Gen.Long[0, 200], Gen.Long[0, 10_000], Gen.Long[0, TimerWheel.MaxAheadMs]));
        step.Array[0, 200].Sample(FollowsTheList, iter: 20_000);
    }

    private static void FollowsTheList((int Kind, int Timer, long Time)[] steps)
    {
        using var wheel = new TimerWheel(Timers);
        var list = new Dictionary<int, long>();
        long now = 77_777;
        foreach ((int kind, int timer, long time) in steps)
        {
            switch (kind)
            {
                case 0:
                case 1:
                    wheel.Arm(timer, now, now + time);
                    list[timer] = now + time;
                    break;
                case 2:
                    wheel.Cancel(timer);
                    list.Remove(timer);
                    break;
                default:
                    now += time;
                    Expire(wheel, list, now);
                    break;
            }

            Assert.That(wheel.Count, Is.EqualTo(list.Count));
            long earliest = list.Count == 0 ? TimerWheel.Never : list.Values.Min();
            Assert.That(wheel.NextDueMs, Is.LessThanOrEqualTo(earliest), "it would be late");
        }

        // Sleeping from look to look, as a worker does, comes to an end.
        while (wheel.NextDueMs != TimerWheel.Never)
        {
            now = Math.Max(now, wheel.NextDueMs);
            Expire(wheel, list, now);
        }

        Assert.That(list, Is.Empty);
    }

    private static void Expire(TimerWheel wheel, Dictionary<int, long> list, long now)
    {
        var expired = new List<int>();
        while (wheel.TryExpire(now, out int timer))
        {
            expired.Add(timer);
        }

        int[] due = [.. list.Where(entry => entry.Value <= now).Select(entry => entry.Key)];
        Assert.That(expired, Is.EquivalentTo(due));
        foreach (int timer in due)
        {
            list.Remove(timer);
        }
    }
}
