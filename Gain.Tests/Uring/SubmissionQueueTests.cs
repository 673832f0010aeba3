using System.Runtime.InteropServices;
using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

[TestFixture]
internal sealed unsafe class SubmissionQueueTests
{
    [Test]
    public void A_full_ring_gives_no_entry_until_it_is_submitted()
    {
        using Ring ring = TestRing.Create(entries: 4);
        for (ulong i = 0; i < ring.SubmissionCapacity; i++)
        {
            ring.Entry(i).PrepNop();
        }

        Assert.That(ring.TryGetEntry(out _), Is.False);
        Assert.That(ring.Unsubmitted, Is.EqualTo(4));
        Assert.That(ring.Submit(), Is.EqualTo(4));
        Assert.That(ring.Unsubmitted, Is.Zero);
        Assert.That(ring.TryGetEntry(out _));
    }

    [Test]
    public void Submitting_nothing_takes_nothing()
    {
        using Ring ring = TestRing.Create();

        Assert.Multiple(() =>
        {
            Assert.That(ring.Submit(), Is.Zero);
            Assert.That(ring.SubmitAndGetEvents(), Is.Zero);
            Assert.That(ring.SubmitAndWait(0, -1), Is.Zero);
            Assert.That(ring.SubmitAndWait(1, 0), Is.Zero);
            Assert.That(ring.CompletionsReady, Is.Zero);
        });
    }

    [Test]
    public void Entries_come_cleared_also_when_they_were_used()
    {
        using Ring ring = TestRing.Create(entries: 2);
        for (int turn = 0; turn < 4; turn++)
        {
            SubmissionEntry entry = ring.Entry(0);
            Assert.That(entry.UserData, Is.Zero);
            Assert.That(entry.Flags, Is.EqualTo(SubmissionFlags.None));
            Assert.That(entry.IoPriority, Is.Zero);
            entry.PrepRecvMultishot(-1, 0x7FFF);
            entry.SetBufferGroup(0xFFFF);
            entry.UserData = ulong.MaxValue;
            CompletionEntry completion = ring.Next();
            Assert.That(completion.UserData, Is.EqualTo(ulong.MaxValue));
            Assert.That(completion.Result, Is.LessThan(0));
        }
    }

    [Test]
    public void An_entry_is_the_kernels_structure()
    {
        io_uring_sqe sqe = default;
        SubmissionEntry entry = new(&sqe);

        entry.PrepSend(5, (void*)0x1000, 77, 0x4000);
        entry.UserData = 9;
        entry.Flags = SubmissionFlags.Async;
        entry.IoPriority = 3;
        entry.SetBufferGroup(12);

        Assert.That(sqe.opcode, Is.EqualTo(IORING_OP.IORING_OP_SEND));
        Assert.That(sqe.fd, Is.EqualTo(5));
        Assert.That(sqe.addr, Is.EqualTo(0x1000));
        Assert.That(sqe.len, Is.EqualTo(77));
        Assert.That(sqe.msg_flags, Is.EqualTo(0x4000));
        Assert.That(sqe.user_data, Is.EqualTo(9));
        Assert.That(sqe.flags, Is.EqualTo(IOSQE.IOSQE_ASYNC | IOSQE.IOSQE_BUFFER_SELECT));
        Assert.That(sqe.ioprio, Is.EqualTo(3));
        Assert.That(sqe.buf_group, Is.EqualTo(12));
    }

    [Test]
    public void An_index_comes_again_only_after_a_submission()
    {
        using Ring ring = TestRing.Create(entries: 4);
        for (int turn = 0; turn < 3; turn++)
        {
            HashSet<uint> seen = [];
            while (true)
            {
                uint index = ring.NextIndex;
                if (!ring.TryGetEntry(out SubmissionEntry entry))
                {
                    break;
                }

                entry.PrepNop();
                Assert.That(index, Is.LessThan(ring.SubmissionCapacity));
                Assert.That(seen.Add(index));
            }

            Assert.That(seen, Has.Count.EqualTo(4));
            _ = ring.Next(4);
        }
    }

    [Test]
    public void An_unknown_operation_completes_with_EINVAL_and_ends_no_batch()
    {
        using Ring ring = TestRing.Create();
        if ((ring.Flags & RingSetupFlags.SubmitAll) == 0)
        {
            Assert.Ignore("the kernel is older than 5.18");
        }

        ring.Entry(1).PrepNop();
        SubmissionEntry bad = ring.Entry(2);
        bad.PrepNop();
        bad.IoPriority = ushort.MaxValue;
        bad.Flags = (SubmissionFlags)0x80;
        ring.Entry(3).PrepNop();

        Assert.That(ring.SubmitAndWait(3, TestRing.PatienceNs), Is.EqualTo(3));
        CompletionEntry[] completions = ring.Next(3);
        Assert.That(completions[1].Result, Is.EqualTo(-Errno.EINVAL));
        Assert.That(completions[2].Result, Is.Zero);
        Assert.That(ring.DroppedSubmissions, Is.Zero);
    }

    [Test]
    public void Without_SUBMIT_ALL_what_follows_a_bad_entry_stays_for_the_next_submission()
    {
        using Ring ring = TestRing.Create(flags: RingSetupFlags.None);
        SubmissionEntry bad = ring.Entry(1);
        bad.PrepNop();
        bad.Flags = (SubmissionFlags)0x80;
        ring.Entry(2).PrepNop();

        Assert.That(ring.Submit(), Is.EqualTo(1));
        Assert.That(ring.Unsubmitted, Is.EqualTo(1));
        Assert.That(ring.Submit(), Is.EqualTo(1));
        Assert.That(ring.Next(2)[1].Result, Is.Zero);
    }

    [Test]
    public void A_completion_reads_as_the_kernel_wrote_it()
    {
        CompletionEntry more = new(1, -4, 0x0007_0003);
        CompletionEntry last = new(2, 5, 0x0000_001C);

        Assert.Multiple(() =>
        {
            Assert.That(Marshal.SizeOf<CompletionEntry>(), Is.EqualTo(16));
            Assert.That(more.UserData, Is.EqualTo(1));
            Assert.That(more.Result, Is.EqualTo(-4));
            Assert.That(more.HasMore);
            Assert.That(more.HasBuffer);
            Assert.That(more.BufferId, Is.EqualTo(7));
            Assert.That(more.SocketHasMore, Is.False);
            Assert.That(more.IsNotification, Is.False);
            Assert.That(last.HasMore, Is.False);
            Assert.That(last.HasBuffer, Is.False);
            Assert.That(last.SocketHasMore);
            Assert.That(last.IsNotification);
            Assert.That(last.BufferHasMore);
        });
    }
}
