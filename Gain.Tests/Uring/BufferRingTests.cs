using Gain.Kernel;
using Gain.Tests.Server;
using Gain.Uring;

namespace Gain.Tests.Uring;

[TestFixture]
internal sealed unsafe class BufferRingTests
{
    private const ushort Group = 7;
    private const int Size = 8;

    [Test]
    public void A_multishot_receive_takes_a_buffer_for_each_arrival()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using NativeBuffers buffers = new(4, Size);
        using Ring ring = TestRing.Create();
        using BufferRing pool = Pool(ring, buffers, 4);
        Arm(ring, pair.First);
        foreach (string text in new[] { "a", "bc", "def" })
        {
            ring.AssertIdle();
            byte[] data = System.Text.Encoding.ASCII.GetBytes(text);
            pair.Write(data);
            CompletionEntry completion = ring.Next();
            Assert.That(completion.Result, Is.EqualTo(data.Length));
            Assert.That(completion.HasBuffer);
            Assert.That(completion.HasMore);
            Assert.That(buffers.Copy(completion.BufferId, completion.Result), Is.EqualTo(data));
        }

        pair.CloseSecond();

        CompletionEntry end = ring.Next();
        Assert.That(end.Result, Is.Zero);
        Assert.That(end.HasMore, Is.False);
    }

    [Test]
    public void An_empty_pool_ends_a_receive_with_ENOBUFS_and_no_byte_is_lost()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using NativeBuffers buffers = new(2, Size);
        using Ring ring = TestRing.Create();
        using BufferRing pool = Pool(ring, buffers, 2);
        Arm(ring, pair.First);
        pair.Write("0123456789abcdefXYZ"u8);

        CompletionEntry first = ring.Next();
        CompletionEntry second = ring.Next();
        CompletionEntry starved = ring.Next();

        Assert.That(first.Result, Is.EqualTo(Size));
        Assert.That(second.Result, Is.EqualTo(Size));
        Assert.That(starved.Result, Is.EqualTo(-Errno.ENOBUFS));
        Assert.That(starved.HasMore, Is.False);
        Assert.That(starved.HasBuffer, Is.False);
        Assert.That(buffers.Copy(first.BufferId, Size), Is.EqualTo("01234567"u8.ToArray()));
        Assert.That(buffers.Copy(second.BufferId, Size), Is.EqualTo("89abcdef"u8.ToArray()));

        buffers.Add(pool, second.BufferId);
        pool.Publish();
        Arm(ring, pair.First);

        CompletionEntry rest = ring.Next();
        Assert.That(rest.BufferId, Is.EqualTo(second.BufferId));
        Assert.That(buffers.Copy(rest.BufferId, rest.Result), Is.EqualTo("XYZ"u8.ToArray()));
    }

    [Test]
    public void A_buffer_that_is_not_published_is_not_taken()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using NativeBuffers buffers = new(1, Size);
        using Ring ring = TestRing.Create();
        using BufferRing pool = Pool(ring, buffers, 0, entries: 1);
        buffers.Add(pool, 0);
        pair.Write("a"u8);
        Arm(ring, pair.First);
        Assert.That(ring.Next().Result, Is.EqualTo(-Errno.ENOBUFS));

        pool.Publish();
        Arm(ring, pair.First);

        Assert.That(ring.Next().Result, Is.EqualTo(1));
    }

    [Test]
    public void Buffers_go_round_more_often_than_the_tail_counts()
    {
        // 70,000 turns of a ring of 2 wrap its 16-bit tail.
        using DescriptorPair pair = DescriptorPair.Sockets();
        using NativeBuffers buffers = new(2, Size);
        using Ring ring = TestRing.Create();
        using BufferRing pool = Pool(ring, buffers, 2);
        Arm(ring, pair.First);
        _ = ring.SubmitAndGetEvents();
        byte sent = 0;
        for (int turn = 0; turn < 70_000; turn++)
        {
            byte value = (byte)turn;
            if (Libc.Write(pair.Second, &value, 1) != 1)
            {
                Assert.Fail("The socket took no byte.");
            }

            if (ring.CompletionsReady == 0)
            {
                _ = ring.SubmitAndWait(1, TestRing.PatienceNs);
            }

            CompletionEntry completion = ring.PeekCompletion(0);
            ring.AdvanceCompletions(1);
            if (completion.Result != 1 || !completion.HasMore || *buffers.At(completion.BufferId) != sent)
            {
                Assert.Fail($"Turn {turn}: {completion.Result}, flags {completion.Flags:x}.");
            }

            sent++;
            buffers.Add(pool, completion.BufferId);
            pool.Publish();
        }
    }

    [Test]
    public void One_receive_takes_a_buffer_when_data_is_there()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using NativeBuffers buffers = new(1, Size);
        using Ring ring = TestRing.Create();
        using BufferRing pool = Pool(ring, buffers, 1);
        SubmissionEntry entry = ring.Entry(1);
        entry.PrepRecv(pair.First, null, 0, 0);
        entry.SetBufferGroup(Group);
        ring.AssertIdle();
        pair.Write("abc"u8);

        CompletionEntry completion = ring.Next();

        Assert.That(completion.HasBuffer);
        Assert.That(completion.HasMore, Is.False);
        Assert.That(buffers.Copy(completion.BufferId, completion.Result), Is.EqualTo("abc"u8.ToArray()));
    }

    [Test]
    public void A_group_in_use_is_refused_and_free_again_after_dispose()
    {
        using Ring ring = TestRing.Create();
        BufferRing pool = Register(ring, 4);

        RingException? refused = Assert.Throws<RingException>(() => ring.RegisterBufferRing(Group, 4));
        Assert.That(refused!.ErrorName, Is.EqualTo("EEXIST"));
        Assert.That(refused.Message, Does.Contain($"group {Group} is in use"));
        pool.Dispose();
        pool.Dispose();

        using BufferRing again = Register(ring, 4);
        Assert.That(again.Entries, Is.EqualTo(4));
        Assert.That(again.Group, Is.EqualTo(Group));
    }

    [Test]
    public void A_size_that_is_no_power_of_two_is_refused()
    {
        using Ring ring = TestRing.Create();

        foreach (ushort entries in new ushort[] { 0, 3, 65535 })
        {
            Assert.That(
                () => ring.RegisterBufferRing(Group, entries),
                Throws.InstanceOf<ArgumentOutOfRangeException>());
        }
    }

    [TestCase(Errno.EINVAL, BufferRingFlags.None, "older than 5.19")]
    [TestCase(Errno.EINVAL, BufferRingFlags.KernelMemory, "older than 6.4")]
    [TestCase(Errno.ENOMEM, BufferRingFlags.None, "ulimit -l")]
    public void A_refused_registration_says_why(int errno, BufferRingFlags flags, string reason)
    {
        PlayedKernel kernel = new()
        {
            RegisterErrno = operation => operation == IORING_REGISTER.IORING_REGISTER_PBUF_RING ? errno : 0,
        };
        RingAvailability.Require(GainRing.Uring);
        using Ring ring = Ring.Create(new RingOptions(), kernel);

        RingException? refused = Assert.Throws<RingException>(() => ring.RegisterBufferRing(1, 1024, flags));

        Assert.That(refused!.ErrorNumber, Is.EqualTo(errno));
        Assert.That(refused.Message, Does.Contain(reason));
    }

    private static BufferRing Register(Ring ring, ushort entries)
    {
        try
        {
            return ring.RegisterBufferRing(Group, entries);
        }
        catch (RingException refused) when (refused.ErrorNumber == Errno.EINVAL)
        {
            Assert.Ignore(refused.Message);
            throw;
        }
    }

    private static BufferRing Pool(Ring ring, NativeBuffers buffers, ushort count, ushort entries = 0)
    {
        BufferRing pool = Register(ring, entries != 0 ? entries : count);
        for (ushort id = 0; id < count; id++)
        {
            buffers.Add(pool, id);
        }

        pool.Publish();
        return pool;
    }

    private static void Arm(Ring ring, int socket)
    {
        SubmissionEntry entry = ring.Entry(1);
        entry.PrepRecvMultishot(socket, 0);
        entry.SetBufferGroup(Group);
    }
}
