using System.Runtime.CompilerServices;
using System.Text;
using Gain.Mail;
using Gain.Memory;
using Gain.Slots;

namespace Gain.Tests.Connections;

/// <summary>What commands carry: bytes and messages, in one order with those that carry nothing.</summary>
public sealed class MailboxTests
{
    private const int MemoryLimit = 1_000;
    private const int MaxLength = 600;

    private MemoryBudget _budget = new(0);

    [SetUp]
    public void NewBudget() => _budget = new MemoryBudget(1 << 20);

    [Test]
    public void Commands_bytes_and_messages_come_in_the_order_of_posting()
    {
        Mailbox<string> mailbox = Make(capacity: 8);
        Assert.That(mailbox.TryPostMessage(Command.Message(1, 1), "first"));
        Assert.That(mailbox.TryPostBytes(Command.Send(2, 1), "second"u8, out _));
        Assert.That(mailbox.TryPost(Command.ResumeReading(3, 1)));
        Assert.That(mailbox.TryPostBytes(Command.Send(4, 1), "fourth"u8, out _));
        Assert.That(mailbox.TryPostMessage(Command.Message(5, 1), "fifth"));
        Assert.That(mailbox.TryPost(Command.Close(6, 1)));

        string[] taken = ["1 first", "2 second", "3", "4 fourth", "5 fifth", "6"];
        Assert.That(taken.Select(_ => TakeAsText(mailbox)), Is.EqualTo(taken));
        Assert.That(mailbox.HasMail, Is.False);
        AssertNothingHeld(mailbox);
    }

    [Test]
    public void Full_mailbox_refuses_everything_and_keeps_nothing_of_it()
    {
        Mailbox<string> mailbox = Make(capacity: 2);
        Assert.That(mailbox.TryPostBytes(Command.Send(1, 1), "one"u8, out _));
        Assert.That(mailbox.TryPostMessage(Command.Message(2, 1), "two"));

        Assert.That(mailbox.TryPost(Command.Close(3, 1)), Is.False);
        Assert.That(mailbox.TryPostMessage(Command.Message(3, 1), "three"), Is.False);
        bool posted =
            mailbox.TryPostBytes(Command.Send(3, 1), "3"u8, out PostFailure failure);
        Assert.That(posted, Is.False);
        Assert.That(failure, Is.EqualTo(PostFailure.MailboxFull));
        Assert.That(mailbox.Memory.Bytes, Is.EqualTo(3), "only the command's that waits");

        Assert.That(TakeAsText(mailbox), Is.EqualTo("1 one"));
        Assert.That(mailbox.TryPostMessage(Command.Message(3, 1), "three"));
        Assert.That(TakeAsText(mailbox), Is.EqualTo("2 two"));
        Assert.That(TakeAsText(mailbox), Is.EqualTo("3 three"));
        AssertNothingHeld(mailbox);
    }

    [Test]
    public void Limits_of_bytes_are_told_apart_and_a_refusal_takes_no_place()
    {
        Mailbox<string> mailbox = Make(capacity: 2);
        Assert.That(FailureOf(mailbox, MaxLength + 1), Is.EqualTo(PostFailure.TooLarge));
        Assert.That(FailureOf(mailbox, MaxLength), Is.EqualTo(PostFailure.None));
        Assert.That(FailureOf(mailbox, MemoryLimit - MaxLength + 1), Is.EqualTo(PostFailure.MemoryFull));
        Assert.That(FailureOf(mailbox, MemoryLimit - MaxLength), Is.EqualTo(PostFailure.None));
        Assert.That(FailureOf(mailbox, 1), Is.EqualTo(PostFailure.MailboxFull));
        Assert.That(FailureOf(mailbox, 0), Is.EqualTo(PostFailure.None), "no bytes need no place");
        Assert.That(_budget.ReservedBytes, Is.EqualTo(MemoryLimit));
        mailbox.Close();
        AssertNothingHeld(mailbox);
    }

    [Test]
    public void Bytes_that_the_servers_budget_has_no_room_for_are_refused()
    {
        Mailbox<string> mailbox = Make(capacity: 2);
        _budget.TryReserve(_budget.LimitBytes - 10);
        Assert.That(FailureOf(mailbox, 11), Is.EqualTo(PostFailure.MemoryFull));
        Assert.That(FailureOf(mailbox, 10), Is.EqualTo(PostFailure.None));
        mailbox.Close();
        _budget.Release(_budget.LimitBytes - 10);
        AssertNothingHeld(mailbox);
    }

    [Test]
    public void Close_frees_what_waits_and_later_posters_are_told_that_it_went()
    {
        Mailbox<string> mailbox = Make(capacity: 4);
        WeakReference message = PostNewString(mailbox);
        Assert.That(FailureOf(mailbox, 500), Is.EqualTo(PostFailure.None));
        mailbox.Close();
        mailbox.Close();
        AssertNothingHeld(mailbox);
        AssertCollected(message);

        // More than there were places: none is ever taken.
        for (int i = 0; i < 10; i++)
        {
            Assert.That(mailbox.TryPost(Command.Close(i, 1)));
            Assert.That(mailbox.TryPostMessage(Command.Message(i, 1), "late"));
            Assert.That(FailureOf(mailbox, MaxLength + 1), Is.EqualTo(PostFailure.None));
        }

        Assert.That(mailbox.HasMail, Is.False);
        AssertNothingHeld(mailbox);
    }

    [Test]
    public void Message_that_was_taken_is_not_kept()
    {
        Mailbox<string> mailbox = Make(capacity: 4);
        WeakReference message = PostNewString(mailbox);
        Assert.That(mailbox.TryTake(out Command command));
        Assert.That(command.Kind, Is.EqualTo(CommandKind.Message));
        AssertCollected(message);
        GC.KeepAlive(mailbox);
    }

    [Test]
    public void Wake_is_called_once_for_each_time_that_the_worker_sleeps()
    {
        Mailbox<string> mailbox = Make(capacity: 8);
        int wakes = 0;
        mailbox.Attach(() => wakes++);
        Assert.That(FailureOf(mailbox, 1), Is.EqualTo(PostFailure.None));
        Assert.That(wakes, Is.Zero, "it is awake");
        mailbox.PrepareToSleep();
        Assert.That(FailureOf(mailbox, 1), Is.EqualTo(PostFailure.None));
        Assert.That(mailbox.TryPostMessage(Command.Message(1, 1), "m"));
        Assert.That(wakes, Is.EqualTo(1));
        mailbox.PrepareToSleep();
        mailbox.AfterSleep();
        Assert.That(mailbox.TryPostMessage(Command.Message(1, 1), "m"));
        Assert.That(wakes, Is.EqualTo(1));
        mailbox.Close();
    }

    [Test]
    public async Task Producers_commands_all_arrive_each_ones_in_order()
    {
        const int producers = 3;
        const int each = 20_000;
        Mailbox<string> mailbox = Make(capacity: 64);
        Task[] posting =
        [
            .. Enumerable.Range(0, producers).Select(producer => Task.Run(() =>
            {
                for (int i = 0; i < each; i++)
                {
                    Post(mailbox, producer, i);
                }
            })),
        ];
        int[] next = new int[producers];
        for (int taken = 0; taken < producers * each;)
        {
            if (!mailbox.HasMail)
            {
                Thread.Yield();
                continue;
            }

            string[] parts = TakeAsText(mailbox).Split(' ');
            int producer = int.Parse(parts[0]);
            Assert.That(int.Parse(parts[1]), Is.EqualTo(next[producer]++));
            taken++;
        }

        await Task.WhenAll(posting);
        Assert.That(mailbox.HasMail, Is.False);
        AssertNothingHeld(mailbox);
    }

    [Test]
    public async Task Close_while_others_post_frees_all_that_any_of_them_posted()
    {
        for (int round = 0; round < 200; round++)
        {
            Mailbox<string> mailbox = Make(capacity: 4);
            using var started = new CountdownEvent(2);
            int isOver = 0;
            Task[] posting =
            [
                .. Enumerable.Range(0, 2).Select(producer => Task.Run(() =>
                {
                    started.Signal();
                    while (Volatile.Read(ref isOver) == 0)
                    {
                        _ = mailbox.TryPostBytes(
                            Command.Send(producer, 1), "bytes"u8, out _);
                        _ = mailbox.TryPostMessage(Command.Message(producer, 1), "message");
                    }
                })),
            ];
            started.Wait();
            _ = mailbox.TryTake(out _);
            mailbox.Close();
            Volatile.Write(ref isOver, 1);
            await Task.WhenAll(posting);
            Assert.That(mailbox.HasMail, Is.False);
            AssertNothingHeld(mailbox);
        }
    }

    private static void Post(Mailbox<string> mailbox, int producer, int number)
    {
        string text = $"{number}";
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        while (!(number % 2 == 0
            ? mailbox.TryPostMessage(Command.Message(producer, 1), text)
            : mailbox.TryPostBytes(Command.Send(producer, 1), bytes, out _)))
        {
            Thread.Yield();
        }
    }

    private static PostFailure FailureOf(Mailbox mailbox, int length)
    {
        bool isPosted = mailbox.TryPostBytes(
            Command.Send(1, 1), new byte[length], out PostFailure failure);
        Assert.That(isPosted, Is.EqualTo(failure == PostFailure.None));
        return failure;
    }

    private static string TakeAsText(Mailbox<string> mailbox)
    {
        Assert.That(mailbox.TryPeek(out Command command));
        string text = command.Kind switch
        {
            CommandKind.Send => $"{command.Slot} {Encoding.ASCII.GetString(mailbox.FrontBytes)}",
            CommandKind.Message => $"{command.Slot} {mailbox.FrontMessage}",
            _ => $"{command.Slot}",
        };
        mailbox.Release(command.Kind);
        return text;
    }

    // In a frame of its own, so that nothing here refers to the string anymore.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference PostNewString(Mailbox<string> mailbox)
    {
        var message = new string('m', 10);
        Assert.That(mailbox.TryPostMessage(Command.Message(1, 1), message));
        return new WeakReference(message);
    }

    private static void AssertCollected(WeakReference message)
    {
        GC.Collect();
        Assert.That(message.IsAlive, Is.False);
    }

    private void AssertNothingHeld(Mailbox mailbox)
    {
        Assert.That(mailbox.Memory.Bytes, Is.Zero);
        Assert.That(_budget.ReservedBytes, Is.Zero);
    }

    private Mailbox<string> Make(int capacity) =>
        new(capacity, new PostedMemory(_budget, MemoryLimit, MaxLength));
}
