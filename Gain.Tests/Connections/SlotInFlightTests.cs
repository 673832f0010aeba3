using Gain.Slots;

namespace Gain.Tests.Connections;

/// <summary>What is in flight of a connection is counted, each operation once.</summary>
public class SlotInFlightTests
{
    private const int Index = 17;

    private static readonly SlotOperation[] s_operations = Enum.GetValues<SlotOperation>();

    [TestCaseSource(nameof(s_operations))]
    public void Operation_that_begins_twice_throws_and_names_slot_and_operation(object value)
    {
        var operation = (SlotOperation)value;
        Slot slot = default;
        slot.Begin(Index, operation);
        Assert.That(
            () => slot.Begin(Index, operation),
            Throws.InvalidOperationException.With.Message.StartsWith($"Slot {Index}: {operation} began"));
        Assert.That(slot.InFlight, Is.EqualTo(1));
    }

    [TestCaseSource(nameof(s_operations))]
    public void Operation_that_ends_without_having_begun_throws_and_counts_nothing(object value)
    {
        var operation = (SlotOperation)value;
        Slot slot = default;
        Assert.That(
            () => slot.End(Index, operation),
            Throws.InvalidOperationException.With.Message.StartsWith($"Slot {Index}: {operation} ended"));
        slot.Begin(Index, operation);
        slot.End(Index, operation);
        Assert.That(
            () => slot.End(Index, operation),
            Throws.InvalidOperationException,
            "a second end is one too many");
        Assert.That(slot.InFlight, Is.Zero);
    }

    [Test]
    public void All_together_are_counted_and_end_in_any_order()
    {
        Slot slot = default;
        slot.End();
        foreach (SlotOperation operation in s_operations)
        {
            slot.Begin(Index, operation);
        }

        Assert.That(slot.InFlight, Is.EqualTo(s_operations.Length));
        for (int left = s_operations.Length - 1; left >= 0; left--)
        {
            Assert.That(slot.MayBeFreed, Is.False);
            slot.End(Index, s_operations[^(left + 1)]);
            Assert.That(slot.InFlight, Is.EqualTo(left));
        }

        Assert.That(slot.MayBeFreed);
    }

    [Test]
    public void Slot_with_anything_in_flight_is_not_given_back()
    {
        foreach (SlotOperation operation in s_operations)
        {
            Slot slot = default;
            slot.Open(fd: 5, address: 0);
            slot.Begin(Index, operation);
            Assert.That(
                () => slot.Vacate(Index),
                Throws.InvalidOperationException.With.Message.EqualTo(
                    $"Slot {Index} has 1 operations in flight: {operation}."));
            slot.End(Index, operation);
            slot.Vacate(Index);
            Assert.That((slot.Fd, slot.Generation), Is.EqualTo((-1, 1u)));
        }
    }

    [TestCase(SlotOperation.Receive, SlotOperation.CancelReceive)]
    [TestCase(SlotOperation.Send, SlotOperation.CancelSend)]
    [TestCase(SlotOperation.HangUp, SlotOperation.CancelHangUp)]
    public void What_is_in_flight_may_be_cancelled_once(object target, object cancel)
    {
        var operation = (SlotOperation)target;
        Assert.That(Slot.CancelOf(operation), Is.EqualTo(cancel));
        Slot slot = default;
        Assert.That(slot.MayCancel(operation), Is.False);
        slot.Begin(Index, operation);
        Assert.That(slot.MayCancel(operation));
        slot.Begin(Index, Slot.CancelOf(operation));
        Assert.That(slot.MayCancel(operation), Is.False);
    }
}
