using System.Net;
using System.Net.Sockets;
using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>
/// Sends that lend their memory until a notification, and sends and receives of several buffers.
/// </summary>
[TestFixture]
internal sealed unsafe class ZeroCopyTests
{
    [Test]
    public void A_send_completes_and_then_gives_its_memory_back([Values(0, 1, 2, 3)] int kind)
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using Socket sender = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using Socket receiver = Connect(listener, sender);
        using Ring ring = TestRing.Create();
        ring.Require(RingOperation.SendMessageZeroCopy);
        using FixedBuffers buffers = ring.RegisterBuffers(1, 4096);
        Span<byte> text = buffers.Span(0)[..4];
        "zero"u8.CopyTo(text);
        int fd = (int)sender.Handle;
        fixed (byte* memory = text)
        {
            IoVector piece = new(memory, 4);
            MessageHeader message = new() { Vectors = &piece, VectorCount = 1 };
            SubmissionEntry entry = ring.Entry(1);
            switch (kind)
            {
                case 0: entry.PrepSendZc(fd, memory, 4, 0, SendReceiveFlags.ReportUsage); break;
                case 1: entry.PrepSendZcFixed(fd, memory, 4, 0, SendReceiveFlags.None, 0); break;
                case 2: entry.PrepSendMsgZc(fd, &message, 0); break;
                default: entry.PrepSendMsgZcFixed(fd, &message, 0, 0); break;
            }

            CompletionEntry sent = ring.Next();
            if (kind == 3 && sent.Result == -Errno.EINVAL)
            {
                Assert.Ignore("the kernel is older than 6.15");
            }

            Assert.That(sent.Result, Is.EqualTo(4));
            Assert.That(sent.HasMore, "A notification follows.");
            Assert.That(sent.IsNotification, Is.False);
            byte[] received = new byte[8];
            Assert.That(receiver.Receive(received), Is.EqualTo(4));
            CompletionEntry notification = ring.Next();
            Assert.That(notification.IsNotification);
            Assert.That(notification.UserData, Is.EqualTo(1));
            Assert.That(notification.HasMore, Is.False);
            Assert.That(received.AsSpan(0, 4).ToArray(), Is.EqualTo("zero"u8.ToArray()));
        }
    }

    [Test]
    public void An_error_is_followed_by_a_notification_when_it_says_so()
    {
        using DescriptorPair pair = DescriptorPair.Pipe();
        using NativeBuffers buffers = new(1, 8);
        using Ring ring = TestRing.Create();
        ring.Require(RingOperation.SendZeroCopy);

        ring.Entry(1).PrepSendZc(pair.Second, buffers.At(0), 8, 0, SendReceiveFlags.None);

        CompletionEntry completion = ring.Next();
        Assert.That(completion.Result, Is.EqualTo(-Errno.ENOTSOCK));
        if (completion.HasMore)
        {
            Assert.That(ring.Next().IsNotification);
        }

        ring.AssertIdle();
    }

    [Test]
    public void A_bundle_sends_the_buffers_of_a_group_in_order()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using NativeBuffers buffers = new(4, 8);
        using Ring ring = TestRing.Create();
        ring.Require(RingFeatures.Bundles);
        using BufferRing group = ring.RegisterBufferRing(2, 4);
        for (ushort id = 0; id < 3; id++)
        {
            new Span<byte>(buffers.At(id), 8).Fill((byte)('a' + id));
            buffers.Add(group, id);
        }

        group.Publish();
        SubmissionEntry entry = ring.Entry(1);
        entry.PrepSendBundle(pair.Second, 0, 0);
        entry.SetBufferGroup(2);

        CompletionEntry completion = ring.Next();

        Assert.That(completion.Result, Is.EqualTo(24));
        Assert.That(completion.BufferId, Is.Zero);
        Assert.That(pair.Read(64), Is.EqualTo("aaaaaaaabbbbbbbbcccccccc"u8.ToArray()));
    }

    [Test]
    public void A_receive_fills_several_buffers_at_once()
    {
        using DescriptorPair pair = DescriptorPair.Sockets();
        using NativeBuffers buffers = new(4, 8);
        using Ring ring = TestRing.Create();
        ring.Require(RingFeatures.Bundles);
        using BufferRing group = ring.RegisterBufferRing(2, 4);
        for (ushort id = 0; id < 4; id++)
        {
            buffers.Add(group, id);
        }

        group.Publish();
        pair.Write("0123456789abcdefghij"u8);
        int received = 0;
        for (int receives = 0; received < 20; receives++)
        {
            SubmissionEntry entry = ring.Entry(1);
            entry.PrepRecv(pair.First, null, 0, 0);
            entry.IoPriority = (ushort)SendReceiveFlags.Bundle;
            entry.SetBufferGroup(2);
            CompletionEntry completion = ring.Next();
            Assert.That(completion.Result, receives == 0 ? Is.GreaterThan(8) : Is.GreaterThan(0));
            Assert.That(completion.BufferId * 8, Is.EqualTo(received), "Buffers follow each other.");
            received += completion.Result;
        }

        Assert.That(buffers.Copy(0, 20), Is.EqualTo("0123456789abcdefghij"u8.ToArray()));
    }

    private static Socket Connect(Socket listener, Socket client)
    {
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        client.Connect(listener.LocalEndPoint!);
        return listener.Accept();
    }
}
