using CsCheck;
using Gain.Mail;
using Gain.Slots;

namespace Gain.Tests.Connections;

public class HoldTableTests
{
    // Whatever is taken, released and expired in whatever order, each answer is released once, and by its own
    // ticket only.
    [Test]
    public void Each_answer_is_released_once_in_any_order()
    {
        const int Capacity = 8;
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 30]).Array[0, 200].Sample(steps =>
        {
            var table = new HoldTable(Capacity, new Mailbox(2));
            var due = new List<(int Index, uint Ticket, int Slot, long DueMs)>();
            var past = new List<(int Index, uint Ticket)>();
            var released = new List<int>();
            var seen = new List<int>();
            long nowMs = 0;
            int next = 0;
            foreach ((int kind, int number) in steps)
            {
                switch (kind)
                {
                    case 0 or 1:
                        bool isTaken = table.TryTake(next, 7, nowMs + 10, out int index, out uint ticket);
                        Assert.That(isTaken || table.Count == Capacity);
                        if (isTaken)
                        {
                            due.Add((index, ticket, next++, nowMs + 10));
                        }

                        break;
                    case 2 when due.Count != 0:
                        (int Index, uint Ticket, int Slot, long DueMs) one = due[number % due.Count];
                        Assert.That(table.IsHeld(one.Index, one.Ticket));
                        Assert.That(table.Release(one.Index, one.Ticket));
                        due.Remove(one);
                        past.Add((one.Index, one.Ticket));
                        released.Add(one.Slot);
                        break;
                    case 3 when past.Count != 0:
                        (int Index, uint Ticket) old = past[number % past.Count];
                        Assert.That(table.Release(old.Index, old.Ticket), Is.False, "released twice");
                        break;
                    case 4:
                        nowMs += number;
                        table.Collect();
                        while (table.TryTakeCollected(out int slot, out uint generation))
                        {
                            Assert.That(generation, Is.EqualTo(7));
                            seen.Add(slot);
                        }

                        while (table.TryExpire(nowMs, out int slot, out _))
                        {
                            int at = due.FindIndex(hold => hold.Slot == slot);
                            Assert.That(due[at].DueMs, Is.AtMost(nowMs), "it has expired too early");
                            past.Add((due[at].Index, due[at].Ticket));
                            due.RemoveAt(at);
                        }

                        Assert.That(due.Where(hold => hold.DueMs <= nowMs), Is.Empty, "it has not expired");
                        Assert.That(table.Count, Is.EqualTo(due.Count));
                        Assert.That(seen.Order(), Is.EqualTo(released.Order()));
                        break;
                }
            }
        });
    }

    [Test]
    public void Answers_that_many_threads_release_at_once_are_all_seen()
    {
        const int Threads = 4;
        const int Each = 50_000;
        var table = new HoldTable(1_024, new Mailbox(2));
        var tickets = new System.Collections.Concurrent.BlockingCollection<(int Index, uint Ticket)>(512);
        int won = 0;
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            foreach ((int index, uint ticket) in tickets.GetConsumingEnumerable())
            {
                Interlocked.Add(ref won, table.Release(index, ticket) ? 1 : 0);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        int taken = 0;
        int seen = 0;
        while (seen < Threads * Each)
        {
            bool mayTake = taken < Threads * Each;
            if (mayTake && table.TryTake(taken, 1, long.MaxValue, out int index, out uint ticket))
            {
                taken++;
                tickets.Add((index, ticket));
                if (taken % 7 == 0)
                {
                    // Two threads have it: one of them releases it.
                    tickets.Add((index, ticket));
                }
            }
            else
            {
                table.Collect();
                while (table.TryTakeCollected(out _, out _))
                {
                    seen++;
                }
            }
        }

        tickets.CompleteAdding();
        Array.ForEach(threads, thread => thread.Join());
        Assert.That(won, Is.EqualTo(Threads * Each));
        Assert.That(table.Count, Is.Zero);
        Assert.That(table.HasReleased, Is.False);
    }

    [Test]
    public void Holds_are_equal_only_with_the_same_table_place_and_ticket()
    {
        var table = new HoldTable(4, new Mailbox(2));
        var another = new HoldTable(4, new Mailbox(2));
        var hold = new ConnectionHold(table, 1, 7, default);
        ConnectionHold[] others =
        [
            new(another, 1, 7, default), new(table, 2, 7, default), new(table, 1, 8, default), default,
        ];
        Assert.Multiple(() =>
        {
            Assert.That(hold == new ConnectionHold(table, 1, 7, default), Is.True);
            Assert.That(hold != new ConnectionHold(table, 1, 7, default), Is.False);
            Assert.That(others.Select(other => hold == other), Has.None.True);
            Assert.That(others.Select(other => hold.Equals((object)other)), Has.None.True);
            Assert.That(others.Select(other => hold != other), Has.All.True);
        });
    }
}
