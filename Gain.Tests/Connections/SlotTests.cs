using System.Runtime.CompilerServices;
using Gain.CompilerServices;
using Gain.Mail;
using Gain.Memory;
using Gain.Slots;

namespace Gain.Tests.Connections;

public class SlotTests
{
    [Test]
    public void Slot_takes_no_more_than_its_cache_line() =>
        Assert.That(Unsafe.SizeOf<Slot>(), Is.EqualTo(Slot.Bytes).And.EqualTo(64));

    [Test]
    public void Address_and_tag_of_a_connection_that_is_gone_are_not_the_next_ones()
    {
        using var table = new SlotTable(
            1,
            0,
            new Mailbox(2),
            new MemoryBudget(1 << 20));
        int index = table.Allocate(fd: -1, address: 255, tag: 254);
        Assert.That((table[index].Address, table.TagOf(ref table[index])), Is.EqualTo((255, 254)));
        table.Free(index);
        index = table.Allocate(fd: -1);
        Assert.That((table[index].Address, table.TagOf(ref table[index])), Is.EqualTo((0, 0)));
    }

    [Test]
    public void Handle_names_slot_and_address_apart()
    {
        var mailbox = new Mailbox(4);
        var last = new ConnectionHandle(mailbox, Token.MaxSlots - 1, address: 255, generation: 7);
        Assert.That(last.TryClose());
        Assert.That(mailbox.TryTake(out Command command));
        Assert.That(command, Is.EqualTo(Command.Close(Token.MaxSlots - 1, 7)));
        Assert.That(
            last, Is.Not.EqualTo(new ConnectionHandle(mailbox, Token.MaxSlots - 1, address: 254, 7)));
        Assert.That(
            last, Is.Not.EqualTo(new ConnectionHandle(mailbox, Token.MaxSlots - 2, address: 255, 7)));
        Assert.That(last, Is.EqualTo(new ConnectionHandle(mailbox, Token.MaxSlots - 1, address: 255, 7)));
    }

    [Test]
    public void Every_reason_fits_beside_the_probes()
    {
        foreach (CloseReason reason in Enum.GetValues<CloseReason>())
        {
            var slot = default(Slot);
            slot.IsSendProbed = slot.IsSilenceProbed = true;
            slot.Reason = reason;
            Assert.That(slot.Reason, Is.EqualTo(reason));
            Assert.That(slot.IsSendProbed && slot.IsSilenceProbed);
            slot.IsSendProbed = slot.IsSilenceProbed = false;
            Assert.That(slot.Reason, Is.EqualTo(reason));
            Assert.That(slot.IsSendProbed || slot.IsSilenceProbed, Is.False);
        }
    }
}
