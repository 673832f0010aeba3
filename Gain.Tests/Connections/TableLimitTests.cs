using Gain.CompilerServices;
using Gain.Datagrams;
using Gain.Mail;
using Gain.Memory;
using Gain.Slots;

namespace Gain.Tests.Connections;

/// <summary>The edges of a worker's tables, budgets and mailboxes.</summary>
public unsafe class TableLimitTests
{
    [Test]
    public void Budget_is_tight_when_more_than_three_quarters_are_gone()
    {
        var budget = new MemoryBudget(4_000);
        Assert.That(budget.TryReserve(3_000));
        Assert.That(budget.IsTight, Is.False);
        Assert.That(budget.HasRoomFor(1_000));
        Assert.That(budget.HasRoomFor(1_001), Is.False);
        Assert.That(budget.TryReserve(1_001), Is.False);
        Assert.That(budget.TryReserve(1));
        Assert.That(budget.IsTight);
        Assert.That(budget.TryReserve(999));
        budget.Release(1_000);
        Assert.That(budget.IsTight, Is.False);
        Assert.That(budget.ReservedBytes, Is.EqualTo(3_000));
    }

    // The first slab is set aside; one more is all there is.
    [Test]
    public void Who_is_refused_one_segment_tells_that_others_hold_too_much_and_who_wants_many_does_not()
    {
        const long Slab = 1 << 20;
        var budget = new MemoryBudget(2 * Slab);
        using var pool = new SegmentPool(budget);
        Assert.That(pool.TryEnsure((2 * SegmentSlabs.SegmentsPerSlab) + 1), Is.False);
        Assert.That(pool.IsPressed, Is.False);
        Assert.That(pool.TryEnsure(2 * SegmentSlabs.SegmentsPerSlab));
        for (int i = 0; i < 2 * SegmentSlabs.SegmentsPerSlab; i++)
        {
            pool.Rent();
        }

        Assert.That(pool.TryEnsure(2), Is.False);
        Assert.That(pool.IsPressed, Is.False);
        Assert.That(pool.TryEnsure(1), Is.False);
        Assert.That(pool.IsPressed);
    }

    [Test]
    public void Answer_that_there_is_no_place_for_has_none()
    {
        using SlotTable table = NewTable(maxHolds: 1, awayHolds: 1);
        ref Slot slot = ref table[table.Allocate(fd: 5)];
        Assert.That(table.TryHold(ref slot, out int place, out uint ticket));
        Assert.That(place, Is.Zero);
        Assert.That(table.Holds.IsHeld(place, ticket));

        // What is left is for sessions that are away.
        Assert.That(table.TryHold(ref slot, out place, out ticket), Is.False);
        Assert.That((place, ticket), Is.EqualTo((-1, 0u)));
        Assert.That(table.TryHoldAway(ref slot, out place, out ticket));
        Assert.That(place, Is.EqualTo(1));
        Assert.That(table.TryHoldAway(ref slot, out place, out ticket), Is.False);
        Assert.That((place, ticket), Is.EqualTo((-1, 0u)));
        Assert.That(table.Holds.Count, Is.EqualTo(2));
        Assert.That(table.Holds.CountAway, Is.EqualTo(1));
    }

    // An address that the worker was not told of, as of one that came while it ran, has what the callback's
    // own protocol has.
    [TestCase(0, false, true, true)]
    [TestCase(1, true, false, false)]
    [TestCase(2, true, false, true)]
    [TestCase(2, false, true, false)]
    [TestCase(3, true, false, true)]
    public void Timer_may_be_set_where_the_address_is_served_with_one(
        int address, bool hasUserTimers, bool ofFirst, bool mayTime)
    {
        using SlotTable table = NewTable();
        table.TimersOf = [ofFirst, !ofFirst && !hasUserTimers];
        table.HasUserTimers = hasUserTimers;
        int index = table.Allocate(fd: 5, (byte)address);
        ref Slot slot = ref table[index];
        Exception? refused = null;
        try
        {
            table.SetUserTimer(ref slot, 5);
        }
        catch (InvalidOperationException thrown)
        {
            refused = thrown;
        }

        Assert.That(refused is null, Is.EqualTo(mayTime));
        Assert.That(table.HasTimer(index, SlotTimer.User), Is.EqualTo(mayTime));
        Assert.That(table.Timers.NextDueMs, Is.EqualTo(mayTime ? table.NowMs + 5 : TimerWheel.Never));
    }

    [Test]
    public void Mailbox_of_one_protocol_has_one_kind_of_messages_and_that_of_several_a_lane_for_each()
    {
        var memory = new PostedMemory(new MemoryBudget(0), 0, 0);
        var one = new MailboxBuilder(4, memory, parts: 1, [0]);
        Assert.That(one.Build(), Is.TypeOf<Mailbox>());
        one.Carry<int>();
        Assert.That(one.Build(), Is.TypeOf<Mailbox<int>>());

        var several = new MailboxBuilder(4, memory, parts: 3, [0, 1, 2]);
        several.BeginPart();
        Assert.That(several.Build(), Is.TypeOf<Mailbox>(), "none has messages");
        several.Carry<int>();
        several.BeginPart();
        several.Carry<int>();
        Mailbox mailbox = several.Build();
        Assert.That(mailbox, Is.TypeOf<LanedMailbox>());
        var lanes = (LanedMailbox)mailbox;
        Assert.That(lanes.LaneOf(0), Is.Null);
        Assert.That(lanes.LaneOf(1), Is.Not.Null.And.SameAs(lanes.LaneOf(2)));
        Assert.That(mailbox.MessageTypeAt(2), Is.EqualTo(typeof(int)));
    }

    [Test]
    public void Records_of_datagrams_take_multiples_of_eight_bytes([Range(0, 40)] int length)
    {
        int padded = OutboundDatagram.Padded(length);
        Assert.That(padded, Is.InRange(length, length + 7));
        Assert.That(padded % 8, Is.Zero);
        var record = new OutboundDatagram
        {
            Length = length, NameBytes = (ushort)(length / 2), ControlBytes = (ushort)(length / 3),
        };
        int payload = OutboundDatagram.HeadBytes
            + OutboundDatagram.Padded(length / 2) + OutboundDatagram.Padded(length / 3);
        Assert.That(record.PayloadOffset, Is.EqualTo(payload));
        Assert.That(record.RecordBytes, Is.EqualTo(payload + padded));
    }

    [Test]
    public void Handler_of_another_contract_is_told_the_version_of_the_library_and_what_it_takes()
    {
        string version = typeof(ProtocolContract).Assembly.GetName().Version!.ToString(3);
        ProtocolContract.Check(ProtocolContract.Oldest, "Handler");
        ProtocolContract.Check(ProtocolContract.Current, "Handler");
        string older = Refusal(ProtocolContract.Oldest - 1);
        Assert.That(
            older, Does.Contain($"older than Gain {version} can serve (contract 0, and it takes 1 to"));
        Assert.That(older, Does.EndWith($"build its assembly again with the package Gain {version}."));
        Assert.That(
            Refusal(ProtocolContract.Current + 1),
            Does.Contain($"newer than Gain {version} (contract {ProtocolContract.Current + 1}, and"));
    }

    private static string Refusal(int contract) =>
        Assert.Throws<GainException>(() => ProtocolContract.Check(contract, "Handler"))!.Message;

    private static SlotTable NewTable(int maxHolds = 16, int awayHolds = 0) =>
        new(4, 0, new Mailbox(2), new MemoryBudget(64 << 20), maxHolds, awayHolds);
}
