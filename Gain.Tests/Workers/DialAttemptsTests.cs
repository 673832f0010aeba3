using Gain.Slots;
using Gain.Workers;

namespace Gain.Tests.Workers;

/// <summary>The attempts of dials by name, and which completions are about them, without a socket.</summary>
[Parallelizable]
public sealed class DialAttemptsTests
{
    private const int Slots = 4;
    private const int All = Slots + DialAttempts.MaxFurther;

    [Test]
    public void Only_a_completion_of_the_number_and_its_generation_is_about_an_attempt_in_flight()
    {
        var attempts = new DialAttempts(Slots);
        int first = 0;
        int number = attempts.Take(fd: 9, dial: 2, ref first, GainAddress.Unix);
        uint generation = attempts[number].Generation;
        Assert.That(attempts.IsCurrent(number, generation));
        Assert.That(attempts.IsCurrent(number, generation + 1), Is.False, "another generation");
        Assert.That(attempts.IsCurrent(number + 1, generation), Is.False, "a number that was never used");
        Assert.That(attempts.IsCurrent(number + 1, 0), Is.False, "what an unused number has");
        Assert.That(attempts.IsCurrent(-1, generation), Is.False);
        Assert.That(attempts.IsCurrent(All, generation), Is.False);

        attempts[number].IsConnecting = false;
        Assert.That(attempts.IsCurrent(number, generation), Is.False, "nothing of it is in flight");
        attempts[number].IsCancelling = true;
        Assert.That(attempts.IsCurrent(number, generation), "its cancellation is");
        Assert.That(attempts.IsCurrent(number, generation + 1), Is.False, "but not another one's");
    }

    [Test]
    public void A_number_that_is_used_again_has_another_generation_which_is_never_0()
    {
        var attempts = new DialAttempts(Slots);
        int first = 0;
        int number = attempts.Take(9, 2, ref first, default);
        Assert.That(attempts[number].Generation, Is.EqualTo(1));
        attempts.Unlink(number, ref first);
        attempts.Free(number);
        Assert.That(attempts.IsCurrent(number, 1), Is.False);
        Assert.That(attempts[number].Fd, Is.EqualTo(Slot.NoSocket));
        Assert.That(attempts[number].Dial, Is.EqualTo(Slot.None));
        Assert.That(attempts.Take(9, 2, ref first, default), Is.EqualTo(number), "the free one comes first");
        Assert.That(attempts[number].Generation, Is.EqualTo(2));

        attempts.Unlink(number, ref first);
        attempts.Free(number);
        attempts[number].Generation = uint.MaxValue;
        attempts.Take(9, 2, ref first, default);
        Assert.That(attempts[number].Generation, Is.EqualTo(1));
    }

    [Test]
    public void Freed_numbers_are_used_before_new_ones_the_last_one_first()
    {
        var attempts = new DialAttempts(Slots);
        int first = 0;
        int[] numbers = [.. Enumerable.Range(0, 3).Select(_ => attempts.Take(9, 2, ref first, default))];
        Assert.That(numbers, Is.EqualTo(new[] { 0, 1, 2 }));
        foreach (int number in new[] { 0, 2 })
        {
            attempts.Unlink(number, ref first);
            attempts.Free(number);
        }

        Assert.That(attempts.Count, Is.EqualTo(1));
        int[] again = [.. Enumerable.Range(0, 3).Select(_ => attempts.Take(9, 2, ref first, default))];
        Assert.That(again, Is.EqualTo(new[] { 2, 0, 3 }));
        Assert.That(attempts.Count, Is.EqualTo(4));
        Assert.That(attempts.Used, Is.EqualTo(4));
    }

    [Test]
    public void A_dials_attempts_lead_from_one_to_the_next_whichever_is_over()
    {
        var attempts = new DialAttempts(Slots);
        int first = 0;
        int[] numbers = [.. Enumerable.Range(0, 3).Select(_ => attempts.Take(9, 2, ref first, default))];
        Assert.That(NumbersFrom(attempts, first), Is.EqualTo(numbers.Reverse()));
        attempts.Unlink(1, ref first);
        Assert.That(attempts[1].Dial, Is.EqualTo(Slot.None));
        Assert.That(NumbersFrom(attempts, first), Is.EqualTo(new[] { 2, 0 }));
        attempts.Unlink(2, ref first);
        Assert.That(NumbersFrom(attempts, first), Is.EqualTo(new[] { 0 }));
        attempts.Unlink(0, ref first);
        Assert.That(first, Is.Zero);
    }

    [Test]
    public void Each_slot_keeps_one_attempt_and_only_the_others_are_for_second_addresses()
    {
        var attempts = new DialAttempts(Slots);
        int first = 0;
        for (int taken = 0; taken <= DialAttempts.MaxFurther; taken++)
        {
            Assert.That(attempts.HasFurther, $"after {taken}");
            attempts.Take(9, 0, ref first, default);
        }

        // One is the dial's own, and the others of it are all that there are.
        Assert.That(attempts.HasFurther, Is.False);
        Assert.That(attempts.IsFull, Is.False);
        int[] others = new int[Slots - 1];
        for (int dial = 0; dial < others.Length; dial++)
        {
            Assert.That(attempts.IsFull, Is.False);
            attempts.Take(9, dial + 1, ref others[dial], default);
        }

        Assert.That(attempts.IsFull);
        int unlinked = others[0] - 1;
        attempts.Unlink(unlinked, ref others[0]);
        Assert.That(attempts.HasFurther, Is.False, "a slot without an attempt has a right to one");
        attempts.Free(unlinked);
        Assert.That(attempts.HasFurther, Is.False, "which is the one that is free");
    }

    [Test]
    public void A_dial_that_has_lost_one_of_two_attempts_still_has_its_own()
    {
        var attempts = new DialAttempts(Slots);
        int first = 0;
        attempts.Take(9, 0, ref first, default);
        int second = attempts.Take(9, 0, ref first, default);
        attempts.Unlink(second, ref first);
        attempts.Free(second);
        for (int taken = 1; taken <= DialAttempts.MaxFurther; taken++)
        {
            Assert.That(attempts.HasFurther, $"with {taken}");
            attempts.Take(9, 0, ref first, default);
        }

        Assert.That(attempts.HasFurther, Is.False);
    }

    [Test]
    public void Where_nothing_is_dialled_there_is_no_attempt()
    {
        var attempts = new DialAttempts(0);
        Assert.That(attempts.IsFull);
        Assert.That(attempts.HasFurther, Is.False);
        Assert.That(attempts.IsCurrent(0, 0), Is.False);
    }

    private static IEnumerable<int> NumbersFrom(DialAttempts attempts, int first)
    {
        for (int next = first; next != 0; next = attempts[next - 1].Next)
        {
            yield return next - 1;
        }
    }
}
