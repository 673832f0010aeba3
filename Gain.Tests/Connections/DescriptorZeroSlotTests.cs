using Gain.Mail;
using Gain.Memory;
using Gain.Slots;
using Gain.Writing;

namespace Gain.Tests.Connections;

/// <summary>
/// A connection whose descriptor is 0, which a program without standard input gets, is as good as any other.
/// </summary>
[Parallelizable]
public sealed class DescriptorZeroSlotTests
{
    [Test]
    public void Its_answers_are_due_until_the_last_one_is_there()
    {
        using SlotTable table = NewTable();
        ref Slot slot = ref table[table.Allocate(fd: 0)];
        Assert.That(table.TryHold(ref slot, out _, out _));
        Assert.That(table.TryHold(ref slot, out _, out _));
        table.Unhold(table.IndexOf(ref slot), slot.Generation);
        Assert.That(slot.IsHeld);
        table.Unhold(table.IndexOf(ref slot), slot.Generation);
        Assert.That(slot.IsHeld, Is.False);
    }

    [Test]
    public void Another_connection_of_its_worker_can_borrow_it_until_it_is_gone()
    {
        using SlotTable table = NewTable();
        var writer = new ConnectionWriter(
            table, new ConnectionLimits(100, 0, 100, 1), new MemoryBudget(1 << 24));
        writer.EnterThread();
        int index = table.Allocate(fd: 0);
        var borrower = new Connection(writer, ref table[table.Allocate(fd: 5)]);
        ConnectionHandle handle = new Connection(writer, ref table[index]).Handle;
        Assert.That(borrower.TryBorrow(handle, out Connection other));
        Assert.That(other.Handle, Is.EqualTo(handle));
        table[index].Fd = -1;
        Assert.That(borrower.TryBorrow(handle, out _), Is.False);
    }

    private static SlotTable NewTable() => new(4, 0, new Mailbox(2), new MemoryBudget(1 << 24), maxHolds: 2);
}
