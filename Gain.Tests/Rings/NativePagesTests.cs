using Gain.Datagrams;
using Gain.Kernel;
using Gain.Mail;
using Gain.Memory;
using Gain.Rings;
using Gain.Slots;
using Gain.Tests.Server;
using Gain.Uring;

namespace Gain.Tests.Rings;

/// <summary>Whoever maps pages gives all of them back, also where the next call is refused.</summary>
[NonParallelizable]
internal sealed unsafe class NativePagesTests
{
    private static readonly TestCaseData[] s_owners =
    [
        new TestCaseData((Func<IDisposable>)(() => new SlotNumbers(100))).SetArgDisplayNames("numbers"),
        new TestCaseData((Func<IDisposable>)(() => new TimerWheel(100))).SetArgDisplayNames("timers"),
        new TestCaseData((Func<IDisposable>)(() => new FairQueue(100, 4))).SetArgDisplayNames("queue"),
        new TestCaseData((Func<IDisposable>)(() => new EpollTable(16))).SetArgDisplayNames("table"),
        new TestCaseData((Func<IDisposable>)(() => CompletionList.TryCreate(9)!)).SetArgDisplayNames("list"),
        new TestCaseData((Func<IDisposable>)(() => new ConnectScratch(8))).SetArgDisplayNames("connects"),
        new TestCaseData((Func<IDisposable>)(() => new GatherScratch(8))).SetArgDisplayNames("sends"),
        new TestCaseData((Func<IDisposable>)(() => new ReceiveBuffers(4, 64))).SetArgDisplayNames("buffers"),
        new TestCaseData((Func<IDisposable>)(() => new DatagramScratch(4, 64)))
            .SetArgDisplayNames("datagrams"),
        new TestCaseData((Func<IDisposable>)(() => new DatagramBatch())).SetArgDisplayNames("batch"),
        new TestCaseData((Func<IDisposable>)NewOutbox).SetArgDisplayNames("outbox"),
    ];

    [TestCaseSource(nameof(s_owners))]
    public void What_was_mapped_is_unmapped_once(Func<IDisposable> make)
    {
        long before = NativePages.MappedBytes;
        IDisposable owner = make();
        Assert.That(NativePages.MappedBytes, Is.GreaterThan(before));
        owner.Dispose();
        Assert.That(NativePages.MappedBytes, Is.EqualTo(before));
        owner.Dispose();
        Assert.That(NativePages.MappedBytes, Is.EqualTo(before), "a second time");
    }

    [TestCase(GainRing.Uring, 0)]
    [TestCase(GainRing.Uring, 16)]
    [TestCase(GainRing.Epoll, 0)]
    [TestCase(GainRing.Epoll, 16)]
    public void Ring_leaves_nothing(GainRing kind, int datagramBuffers)
    {
        RingAvailability.Require(kind);
        string[] descriptors = Descriptors.OfGain();
        long before = NativePages.MappedBytes;
        using (new RingUnderTest(kind, datagramBufferCount: datagramBuffers, longestRun: 4))
        {
            Assert.That(NativePages.MappedBytes, Is.GreaterThan(before));
        }

        Assert.That(NativePages.MappedBytes, Is.EqualTo(before));
        Assert.That(Descriptors.OfGain(), Is.EqualTo(descriptors));
    }

    [Test]
    public void Slots_and_what_their_connections_held_leave_nothing()
    {
        long before = NativePages.MappedBytes;
        var budget = new MemoryBudget(64 << 20);
        var table = new SlotTable(8, 0, new Mailbox(2), budget);
        ref Slot slot = ref table[table.Allocate(fd: -1)];
        slot.Outbound.TryAppend(table.Segments, new byte[100_000]);
        slot.Inbound.Append(table.Carries, new byte[5_000]);
        Assert.That(table.Segments.InUse, Is.Positive);
        Assert.That(table.Carries.InUse, Is.Positive);
        table.Dispose();
        table.Dispose();
        Assert.That(NativePages.MappedBytes, Is.EqualTo(before));
        Assert.That(budget.ReservedBytes, Is.Zero);
        Assert.That(budget.HasRoomFor(64 << 20), "what was set aside is back");
    }

    // What is mapped too much lies in front, behind, or on both sides, as it comes: from 2 MiB on, kernels
    // align mappings by themselves.
    [Test]
    public void Aligned_pages_are_as_many_as_asked_for_and_begin_at_a_multiple()
    {
        const int Bytes = 1 << 18;
        long before = NativePages.MappedBytes;
        var all = new List<nint>();
        for (int i = 1; i <= 64; i++)
        {
            // So that the next one does not begin where the last one ended.
            all.Add((nint)NativePages.Map((nuint)i * 4_096));
            byte* pages = (byte*)NativePages.TryMapAligned(Bytes);
            Assert.That((long)pages % Bytes, Is.Zero);
            pages[0] = pages[Bytes - 1] = 1;
            NativePages.Unmap((void*)all[^1], (nuint)i * 4_096);
            all[^1] = (nint)pages;
            Assert.That(NativePages.MappedBytes, Is.EqualTo(before + ((long)i * Bytes)));
        }

        all.ForEach(pages => NativePages.Unmap((void*)pages, Bytes));
        Assert.That(NativePages.MappedBytes, Is.EqualTo(before));
    }

    [Test]
    public void What_the_system_has_not_is_refused_and_counts_as_nothing()
    {
        long before = NativePages.MappedBytes;
        nuint tooMuch = (nuint)1 << 62;
        Assert.That(NativePages.TryReserve(tooMuch) is null);
        Assert.That(NativePages.TryMapAligned(tooMuch >> 1) is null);
        GainException refused = Assert.Throws<GainException>(() => NativePages.Map(tooMuch))!;
        Assert.That(refused.Errno, Is.EqualTo(Errno.ENOMEM));
        Assert.That(refused.Message, Does.StartWith("Cannot reserve 4,611,686,018,427,387,904 bytes"));
        NativePages.Unmap(null, tooMuch);
        Assert.That(NativePages.MappedBytes, Is.EqualTo(before));
    }

    [TestCase(FilteredCall.EpollCreate, "Cannot make a worker's epoll set")]
    [TestCase(FilteredCall.EventFd, "Cannot make a worker's eventfd")]
    [TestCase(FilteredCall.EpollControl, "Cannot wait for a worker's eventfd")]
    public void Epoll_ring_that_is_refused_half_way_leaves_nothing(FilteredCall call, string reason) =>
        RefuseEpollRing(call, mappedBytes: 0, reason);

    // The room for the events of a wait, and the headers of a turn's datagrams: no other has that length.
    [Test]
    public void Epoll_ring_without_memory_for_a_part_of_it_leaves_nothing()
    {
        int[] parts = [128 * Libc.EpollEventBytes, 32 * (64 + sizeof(iovec))];
        foreach (int bytes in parts)
        {
            RefuseEpollRing(FilteredCall.MMap, bytes, $"Cannot reserve {bytes:N0} bytes");
        }
    }

    // Half as many descriptors, again and again, as far as that is of use.
    [TestCase(1 << 12, 1 << 11)]
    [TestCase(1 << 11, 1 << 10)]
    [TestCase(1 << 10, 0)]
    public void Table_of_descriptors_is_smaller_where_the_system_has_no_more(int wanted, int granted)
    {
        long before = NativePages.MappedBytes;
        int mappedBytes = wanted * IRing.MaxPieces * sizeof(iovec);
        FilteredThread.Run(
            FilteredCall.MMap,
            Errno.ENOMEM,
            () =>
            {
                if (granted == 0)
                {
                    GainException none = Assert.Throws<GainException>(() => new EpollTable(16, wanted))!;
                    Assert.That(none.Message, Does.Contain("ulimit -v"));
                    return;
                }

                using var table = new EpollTable(16, wanted);
                Assert.That(table.Capacity, Is.EqualTo(granted));
                table[granted - 1].Generation = 1;
                table.PiecesOf(granted - 1)[^1] = default;
            },
            mappedBytes);
        Assert.That(NativePages.MappedBytes, Is.EqualTo(before));
    }

    private static void RefuseEpollRing(FilteredCall call, int mappedBytes, string reason)
    {
        string[] descriptors = Descriptors.OfGain();
        long before = NativePages.MappedBytes;
        GainException? refused = null;
        FilteredThread.Run(
            call,
            Errno.ENOMEM,
            () => refused = Assert.Throws<GainException>(() => NewEpollRing().Dispose()),
            mappedBytes);
        Assert.That(refused!.Message, Does.StartWith(reason));
        Assert.That(refused.Errno, Is.EqualTo(Errno.ENOMEM));
        Assert.That(NativePages.MappedBytes, Is.EqualTo(before));
        Assert.That(Descriptors.OfGain(), Is.EqualTo(descriptors));
    }

    private static EpollRing NewEpollRing() => new(
        new RingSettings(64, 16, 64, RingUnderTest.WakeToken)
        {
            DatagramBufferCount = 16, DatagramBufferBytes = 1_000,
        },
        "epoll");

    private static Outbox NewOutbox() => new();

    private sealed class Outbox : IDisposable
    {
        private readonly DatagramBatch _batch = new();
        private readonly DatagramOutbox _outbox;

        public Outbox() => _outbox = new DatagramOutbox(_batch, 4_096, isUnix: false, joins: true);

        public void Dispose()
        {
            _outbox.Dispose();
            _batch.Dispose();
        }
    }
}
