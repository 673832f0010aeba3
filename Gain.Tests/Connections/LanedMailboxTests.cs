using System.Runtime.CompilerServices;
using System.Text;
using Gain.Mail;
using Gain.Memory;
using Gain.Slots;

namespace Gain.Tests.Connections;

/// <summary>A mailbox for the messages of several protocols: one order for all of them.</summary>
public sealed class LanedMailboxTests
{
    // Two addresses of the server's lead to the protocol that takes text, one to that which takes numbers.
    private const byte Text = 0;
    private const byte Number = 1;
    private const byte OtherText = 2;
    private const byte Nothing = 3;
    private const int Capacity = 4;

    private readonly MessageLane<string> _texts = new(Capacity);
    private readonly MessageLane<long> _numbers = new(Capacity);
    private MemoryBudget _budget = new(0);

    [SetUp]
    public void NewBudget() => _budget = new MemoryBudget(1 << 20);

    [Test]
    public void Messages_of_every_type_and_bytes_come_in_the_order_of_posting()
    {
        LanedMailbox mailbox = Make();

        // More than once around.
        for (int round = 0; round < 3; round++)
        {
            Assert.That(mailbox.TryPostMessage(ToSlot(1), Number, _numbers, 17L));
            Assert.That(mailbox.TryPostMessage(ToSlot(2), OtherText, _texts, "two"));
            Assert.That(mailbox.TryPostBytes(Command.Send(3, 1), "three"u8, out _));

            Assert.That(TakeText(mailbox), Is.EqualTo("1 17"));
            Assert.That(TakeText(mailbox, isText: true), Is.EqualTo("2 two"));
            Assert.That(TakeText(mailbox), Is.EqualTo("3 three"));
        }

        Assert.That(mailbox.HasMail, Is.False);
        Assert.That(_budget.ReservedBytes, Is.Zero);
    }

    [Test]
    public void Full_mailbox_refuses_messages_of_every_type()
    {
        LanedMailbox mailbox = Make();
        for (int i = 0; i < Capacity; i++)
        {
            Assert.That(mailbox.TryPostMessage(ToSlot(i), Number, _numbers, (long)i));
        }

        Assert.That(mailbox.TryPostMessage(ToSlot(9), Text, _texts, "refused"), Is.False);
        Assert.That(mailbox.TryPostMessage(ToSlot(9), Number, _numbers, 9L), Is.False);
        for (int i = 0; i < Capacity; i++)
        {
            Assert.That(TakeText(mailbox), Is.EqualTo($"{i} {i}"));
        }
    }

    [Test]
    public void Address_has_the_type_of_its_protocol()
    {
        LanedMailbox mailbox = Make();
        Assert.That(mailbox.MessageTypeAt(Text), Is.EqualTo(typeof(string)));
        Assert.That(mailbox.MessageTypeAt(Number), Is.EqualTo(typeof(long)));
        Assert.That(mailbox.MessageTypeAt(OtherText), Is.EqualTo(typeof(string)));
        Assert.That(mailbox.MessageTypeAt(Nothing), Is.Null);
    }

    [Test]
    public void What_was_taken_or_waits_at_the_close_is_not_kept()
    {
        LanedMailbox mailbox = Make();
        WeakReference taken = PostNewString(mailbox);
        WeakReference left = PostNewString(mailbox);
        Assert.That(mailbox.TryPostBytes(Command.Send(3, 1), "three"u8, out _));
        Assert.That(mailbox.TryTake(out Command command));
        Assert.That(command.Kind, Is.EqualTo(CommandKind.Message));
        GC.Collect();
        Assert.That(taken.IsAlive, Is.False);
        Assert.That(left.IsAlive);

        mailbox.Close();
        GC.Collect();
        Assert.That(left.IsAlive, Is.False);
        Assert.That(_budget.ReservedBytes, Is.Zero);
        Assert.That(mailbox.TryPostMessage(ToSlot(1), Text, _texts, "late"), "as to one that is gone");
        Assert.That(mailbox.HasMail, Is.False);
        GC.KeepAlive(mailbox);
    }

    private static Command ToSlot(int slot) => Command.Message(slot, 1);

    private static string TakeText(LanedMailbox mailbox, bool isText = false)
    {
        Assert.That(mailbox.TryPeek(out Command command));
        string text = (command.Kind, isText) switch
        {
            (CommandKind.Send, _) => Encoding.ASCII.GetString(mailbox.FrontBytes),
            (_, true) => mailbox.FrontMessage<string>(),
            _ => $"{mailbox.FrontMessage<long>()}",
        };
        mailbox.Release(command.Kind);
        return $"{command.Slot} {text}";
    }

    // In a frame of its own, so that nothing here refers to the string anymore.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference PostNewString(LanedMailbox mailbox)
    {
        var message = new string('m', 10);
        Assert.That(mailbox.TryPostMessage(ToSlot(1), Text, _texts, message));
        return new WeakReference(message);
    }

    private LanedMailbox Make() => new(
        Capacity, new PostedMemory(_budget, 1_000, 600), [_texts, _numbers, null], partOf: [0, 1, 0, 2]);
}
