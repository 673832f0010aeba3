using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>What a method has set of an entry's fields stays when the field is set.</summary>
[TestFixture]
internal sealed unsafe class PreparedBitsTests
{
    [Test]
    public void A_buffer_group_survives_flags_that_are_set_later()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using Ring ring = TestRing.Create();
        using BufferRing pool = ring.RegisterBufferRing(1, 2, 16);
        _ = ring.RegisterFiles([pair.First]);
        SubmissionEntry entry = ring.Entry(1);
        entry.PrepRecv(0, null, 0, SocketMessageFlags.None);
        entry.SetBufferGroup(1);
        entry.Flags = SubmissionFlags.FixedFile;
        pair.Write("abc"u8);

        CompletionEntry completion = ring.Next();

        Assert.That(completion.Result, Is.EqualTo(3));
        Assert.That(pool.Lend(completion).SequenceEqual("abc"u8));
    }

    [Test]
    public void A_multishot_receive_survives_a_priority() => AssertKept(
        entry => entry.PrepRecvMultishot(1, SocketMessageFlags.None),
        entry => entry.IoPriority = (ushort)SendReceiveFlags.PollFirst,
        sqe => sqe.ioprio == (IORING_RECVSEND.IORING_RECV_MULTISHOT | (int)SendReceiveFlags.PollFirst));

    [Test]
    public void A_multishot_accept_survives_a_priority() => AssertKept(
        entry => entry.PrepMultishotAccept(1, SocketFlags.CloseOnExec),
        entry => entry.IoPriority = (ushort)AcceptFlags.PollFirst,
        sqe => sqe.ioprio == (ushort)(AcceptFlags.Multishot | AcceptFlags.PollFirst));

    [Test]
    public void The_priority_of_a_file_operation_is_what_was_set_last() => AssertKept(
        entry => entry.PrepRead(1, null, 0, 0),
        entry =>
        {
            entry.IoPriority = 3;
            entry.IoPriority = 4;
        },
        sqe => sqe.ioprio == 4);

    [Test]
    public void An_install_survives_flags() => AssertKept(
        entry => entry.PrepFixedFdInstall(1, InstallFlags.None),
        entry => entry.Flags = SubmissionFlags.Link,
        sqe => sqe.flags == (IOSQE.IOSQE_IO_LINK | IOSQE.IOSQE_FIXED_FILE));

    [Test]
    public void The_key_of_a_cancellation_survives_flags() => AssertKept(
        entry => entry.PrepCancelFd(1, CancelFlags.None),
        entry => entry.OperationFlags = (uint)CancelFlags.All,
        sqe => sqe.cancel_flags == (uint)(CancelFlags.All | CancelFlags.Descriptor));

    [Test]
    public void An_update_of_a_timeout_survives_flags() => AssertKept(
        entry => entry.PrepTimeoutUpdate(null, 1, TimeoutFlags.None),
        entry => entry.OperationFlags = (uint)TimeoutFlags.Absolute,
        sqe => sqe.timeout_flags == ((uint)TimeoutFlags.Absolute | IORING_TIMEOUT.IORING_TIMEOUT_UPDATE));

    [Test]
    public void Flags_can_be_taken_back() => AssertKept(
        entry => entry.PrepNop(),
        entry =>
        {
            entry.Flags = SubmissionFlags.Link | SubmissionFlags.Async;
            entry.Flags = SubmissionFlags.None;
        },
        sqe => sqe.flags == 0);

    [Test]
    public void All_bytes_can_be_reached() => AssertKept(
        entry => entry.PrepNop(),
        entry => entry.Bytes[63] = 7,
        sqe => sqe.attr_type_mask >> 56 == 7);

    private static void AssertKept(
        LiburingCalls.Prepare prepare, LiburingCalls.Prepare change, Predicate<io_uring_sqe> isRight)
    {
        io_uring_sqe sqe = default;
        prepare(new SubmissionEntry(&sqe));
        change(new SubmissionEntry(&sqe));
        Assert.That(isRight(sqe), $"flags {sqe.flags}, ioprio {sqe.ioprio}, operation {sqe.rw_flags}");
    }
}
