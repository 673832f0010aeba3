using Gain.Mail;
using Gain.Memory;
using Gain.Slots;

namespace Gain.Tests.Connections;

/// <summary>Lists whose links lie in the slots: of each kind in the order of adding.</summary>
public class SlotListTests
{
    private SlotTable _table = null!;

    [SetUp]
    public void Make()
    {
        _table = new SlotTable(8, 0, new Mailbox(2), new MemoryBudget(1 << 30));
        for (int i = 0; i < 8; i++)
        {
            _table.Allocate(fd: -1);
        }
    }

    [TearDown]
    public void Release() => _table.Dispose();

    [Test]
    public void Slots_are_taken_from_the_front_in_the_order_in_which_they_lie()
    {
        var list = new SlotList<StarvedLink>();
        Assert.That(list.TakeFirst(_table), Is.EqualTo(Slot.None), "an empty one");
        list.AddLast(_table, 3);
        list.AddLast(_table, 1);
        list.AddFirst(_table, 6);
        Assert.That(TakeAll(ref list), Is.EqualTo([6, 3, 1]));
        Assert.That(list.IsEmpty);
    }

    [Test]
    public void List_that_was_emptied_takes_slots_at_both_ends_again()
    {
        var list = new SlotList<PendingLink>();
        list.AddFirst(_table, 2);
        Assert.That(TakeAll(ref list), Is.EqualTo([2]));
        list.AddLast(_table, 2);
        list.AddLast(_table, 4);
        Assert.That(TakeAll(ref list), Is.EqualTo([2, 4]));
        list.AddFirst(_table, 5);
        list.AddLast(_table, 7);
        Assert.That(list.TakeAll(), Is.EqualTo(5));
        Assert.That(_table[5].NextPending, Is.EqualTo(7), "whoever takes all goes on by the links");
        Assert.That(list.IsEmpty);
    }

    [Test]
    public void Slot_is_in_lists_of_different_links_at_once()
    {
        var pending = new SlotList<PendingLink>();
        var starved = new SlotList<StarvedLink>();
        foreach (int index in new[] { 0, 1, 2 })
        {
            pending.AddLast(_table, index);
            starved.AddFirst(_table, index);
        }

        Assert.That(TakeAll(ref pending), Is.EqualTo([0, 1, 2]));
        Assert.That(TakeAll(ref starved), Is.EqualTo([2, 1, 0]));
    }

    [Test]
    public void Slot_that_was_freed_last_is_taken_first_and_none_twice()
    {
        _table.Free(4);
        _table.Free(6);
        Assert.That(_table.IsFull, Is.False);
        Assert.That(_table.Allocate(fd: -1), Is.EqualTo(6));
        Assert.That(_table.Allocate(fd: -1), Is.EqualTo(4));
        Assert.That(_table.IsFull);
        Assert.That(_table.Allocate(fd: -1), Is.EqualTo(Slot.None));
    }

    private List<int> TakeAll<TLink>(ref SlotList<TLink> list)
        where TLink : struct, ISlotLink
    {
        var taken = new List<int>();
        while (list.TakeFirst(_table) is var index and not Slot.None)
        {
            taken.Add(index);
        }

        return taken;
    }
}
