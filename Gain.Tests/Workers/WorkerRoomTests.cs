using Gain.CompilerServices;
using Gain.Mail;
using Gain.Slots;
using Gain.Tests.Server;
using Gain.Uring;
using Gain.Workers;

namespace Gain.Tests.Workers;

/// <summary>Rooms of a worker, asked by themselves, while nothing runs.</summary>
public sealed class WorkerRoomTests
{
    private Worker<EchoProtocol, PlayedRing> _worker = null!;

    [SetUp]
    public void Make() => _worker = PlayedWorker.Make<EchoProtocol>(
        new GainOptions { WorkerCount = 1, Limits = { MailboxCapacity = 16 } }.Validated(),
        new RecordingLogger());

    [TearDown]
    public void Release() => _worker.Table.Dispose();

    [TestCase(0)]
    [TestCase(70)]
    public void A_fault_is_of_the_connection_that_the_slot_has_now_or_of_none(int fd)
    {
        int index = _worker.Table.Allocate(fd);
        uint generation = _worker.Table[index].Generation;
        Assert.That(_worker.Faults.Owned(index, generation), Is.EqualTo(index));
        Assert.That(_worker.Faults.Owned(index, generation + 1), Is.EqualTo(Slot.None), "a later one");
        Assert.That(_worker.Faults.Owned(index, generation - 1), Is.EqualTo(Slot.None), "an earlier one");
        Assert.That(_worker.Faults.Owned(index + 1, generation), Is.EqualTo(Slot.None), "not used yet");
        Assert.That(_worker.Faults.Owned(-1, generation), Is.EqualTo(Slot.None));
        _worker.Table[index].Fd = -1;
        Assert.That(_worker.Faults.Owned(index, generation), Is.EqualTo(Slot.None), "it is gone");
    }

    [Test]
    public void The_end_of_a_wait_for_an_earlier_connections_reset_is_dropped_and_counted()
    {
        int index = _worker.Table.Allocate(fd: 70);
        ref Slot slot = ref _worker.Table[index];
        slot.Begin(index, SlotOperation.HangUp);
        ulong earlier = Token.Pack(Operation.HangUp, index, slot.Generation - 1);
        _worker.Closer.HandleHangUp(new CompletionEntry(earlier, 0, 0));
        Assert.That(_worker.ReadCounters().StaleCompletions, Is.EqualTo(1));
        Assert.That(slot.InFlight, Is.EqualTo(1), "its own wait goes on");
    }

    // Descriptor 0 is as good as any other.
    [TestCase(0)]
    [TestCase(70)]
    public void Who_holds_most_gives_way_where_memory_is_short(int fd)
    {
        SlotTable table = _worker.Table;
        ref Slot other = ref table[table.Allocate(fd: 71)];
        ref Slot slot = ref table[table.Allocate(fd)];
        Assert.That(other.Outbound.TryAppend(table.Segments, new byte[20_000]));
        Assert.That(slot.Outbound.TryAppend(table.Segments, new byte[20_001]));
        _worker.Observer.RelieveMemory();
        Assert.That(slot.IsBeyondDraining);
        Assert.That(slot.Reason, Is.EqualTo(CloseReason.OutboundLimit));
        Assert.That(other.IsBeyondDraining, Is.False);
        Assert.That(_worker.ReadCounters().BudgetRefusals, Is.EqualTo(1));
    }

    [Test]
    public void A_worker_that_has_failed_takes_whatever_is_posted_and_keeps_nothing()
    {
        _worker.TakeListeners([PlayedWorker.Listener]);
        _worker.Open(new PlayedLoop(new Queue<int>(), whenDone: () => { }));
        _worker.EnterThread();
        _worker.Abandon(new InvalidOperationException("as planned"));
        for (int i = 0; i <= _worker.Settings.MailboxCapacity; i++)
        {
            Assert.That(_worker.Mailbox.TryPost(Command.Close(0, 1)), $"command {i}");
        }

        Assert.That(_worker.Mailbox.TryTake(out _), Is.False);
    }
}
