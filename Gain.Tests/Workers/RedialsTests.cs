using Gain.Sockets;
using Gain.Workers;

namespace Gain.Tests.Workers;

/// <summary>The delays of what is dialled again, without a socket.</summary>
[Parallelizable]
public class RedialsTests
{
    private const int Slot = 3;

    private static Redials Make(double jitter = 0, ulong seed = 1, bool isOn = true)
    {
        var redial = new RedialSetting(100, 1_000, jitter);
        var dials = new DialSettings(
            2, [Setting(null), Setting(redial)])
        {
            Seed = seed,
        };
        Redials redials = Redials.For(dials, 8, worker: 0)!;
        Assert.That(redials.Begin(Slot, (byte)(isOn ? 3 : 2), 5, default), Is.EqualTo(isOn));
        return redials;
    }

    private static DialSetting Setting(RedialSetting? redial) => new(
        new OutgoingSockets(new SocketSettings(), new DialOptions()),
        1_000,
        null!,
        250,
        redial);

    private static double? EndMs(Redials redials, long nowMs = 0)
    {
        TimeSpan? delay = redials.NoteEnded(Slot, isOver: false, nowMs);
        Assert.That(redials.DelayOf(Slot), Is.EqualTo(delay));
        if (delay is not null)
        {
            Assert.That(redials.TryTakeDelay(Slot, out Redial redial));
            Assert.That(redial.DelayMs, Is.EqualTo(delay.Value.TotalMilliseconds));
            Assert.That(redials.DelayOf(Slot), Is.Null, "a delay that was taken");
        }

        return delay?.TotalMilliseconds;
    }

    [Test]
    public void Delay_doubles_up_to_the_longest()
    {
        Redials redials = Make();
        double?[] delays = [.. Enumerable.Range(0, 6).Select(_ => EndMs(redials))];
        Assert.That(delays, Is.EqualTo(new double?[] { 100, 200, 400, 800, 1_000, 1_000 }));
    }

    [Test]
    public void Delay_goes_on_growing_over_connections_that_were_up_for_as_long_as_the_longest_delay()
    {
        Redials redials = Make();
        EndMs(redials);
        redials.NoteUp(Slot, 10_000);
        Assert.That(EndMs(redials, 11_000), Is.EqualTo(200));
    }

    [Test]
    public void Delay_begins_anew_when_a_connection_was_up_for_longer_than_the_longest_delay()
    {
        Redials redials = Make();
        EndMs(redials);
        EndMs(redials);
        redials.NoteUp(Slot, 10_000);
        Assert.That(EndMs(redials, 11_001), Is.EqualTo(100));

        // And the time up counts once: the dial after it, which fails much later, goes on.
        Assert.That(EndMs(redials, 99_000), Is.EqualTo(200));
    }

    [TestCase(0.5, 50, 100)]
    [TestCase(1, 1, 100)]
    public void Delay_is_spread_over_the_part_that_is_left_to_chance(double jitter, long least, long most)
    {
        long[] delays =
        [
            .. Enumerable.Range(0, 1_000).Select(seed => (long)EndMs(Make(jitter, (ulong)seed * 12_345))!),
        ];
        Assert.That(delays, Is.All.InRange(least, most));
        Assert.That(delays.Min(), Is.LessThan(least + (most - least) / 10 + 1));
        Assert.That(delays.Max(), Is.GreaterThan(most - (most - least) / 10 - 1));
        Assert.That(delays.Average(), Is.EqualTo((least + most) / 2.0).Within(5));
    }

    [Test]
    public void What_was_meant_to_end_is_not_dialled_again()
    {
        Redials redials = Make();
        Assert.That(redials.NoteEnded(Slot, isOver: true, 0), Is.Null);
        Assert.That(redials.TryTakeDelay(Slot, out _), Is.False);
        Assert.That(redials.IsEarlier(Slot, 5, 6), Is.False);
    }

    [Test]
    public void What_was_ended_while_its_end_was_told_is_not_dialled_again()
    {
        Redials redials = Make();
        Assert.That(redials.NoteEnded(Slot, isOver: false, 0), Is.Not.Null);
        redials.End(Slot);
        Assert.That(redials.DelayOf(Slot), Is.Null);
        Assert.That(redials.TryTakeDelay(Slot, out _), Is.False);
    }

    [Test]
    public void Protocol_whose_options_say_nothing_of_it_is_not_dialled_again() =>
        Assert.That(EndMs(Make(isOn: false)), Is.Null);

    [TestCase(4u, false, TestName = "Earlier_connection_of_the_slot_is_another_one")]
    [TestCase(5u, true, TestName = "First_generation_is_the_same_connection")]
    [TestCase(6u, true, TestName = "Later_generation_is_the_same_connection")]
    [TestCase(7u, false, TestName = "Current_generation_is_no_earlier_one")]
    [TestCase(8u, false, TestName = "Generation_to_come_is_none")]
    public void Handles_since_the_first_dial_are_of_the_same_connection(uint generation, bool isEarlier) =>
        Assert.That(Make().IsEarlier(Slot, generation, current: 7), Is.EqualTo(isEarlier));

    [Test]
    public void Nothing_is_kept_where_nothing_is_dialled_again() =>
        Assert.That(Redials.For(new DialSettings(0, [Setting(null)]), 8, 0), Is.Null);
}
