using System.Net;
using System.Net.Sockets;
using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>Messages with addresses and control data, one at a time and multishot.</summary>
[TestFixture]
internal sealed unsafe class DatagramTests
{
    private const ushort Group = 5;
    private const int NameBytes = 16;
    private const int Truncate = 0x20;
    private const int SocketLevel = 1;
    private const int Timestamp = 29;

    [Test]
    public void A_message_scatters_and_names_its_sender()
    {
        using Socket receiver = Bound();
        using Socket sender = Bound();
        using NativeBuffers buffers = new(3, 32);
        using Ring ring = TestRing.Create();
        IoVector* pieces = stackalloc IoVector[2];
        pieces[0] = new IoVector(buffers.At(0), 3);
        pieces[1] = new IoVector(buffers.At(1), 32);
        MessageHeader message = new()
        {
            Vectors = pieces, VectorCount = 2, Name = buffers.At(2), NameLength = 32,
        };
        ring.Entry(1).PrepRecvMsg((int)receiver.Handle, &message, 0);
        ring.AssertIdle();
        sender.SendTo("datagram"u8, receiver.LocalEndPoint!);

        Assert.That(ring.Next().Result, Is.EqualTo(8));

        Assert.That(buffers.Copy(0, 3), Is.EqualTo("dat"u8.ToArray()));
        Assert.That(buffers.Copy(1, 5), Is.EqualTo("agram"u8.ToArray()));
        Assert.That(message.NameLength, Is.EqualTo(NameBytes));
        Assert.That(Port(buffers.Copy(2, NameBytes)), Is.EqualTo(PortOf(sender)));
    }

    [Test]
    public void A_send_goes_to_an_address([Values] bool setLater)
    {
        using Socket receiver = Bound();
        using Socket sender = Bound();
        using NativeBuffers buffers = new(2, 32);
        using Ring ring = TestRing.Create();
        Span<byte> address = receiver.LocalEndPoint!.Serialize().Buffer.Span;
        address[..NameBytes].CopyTo(new Span<byte>(buffers.At(1), 32));
        "to you"u8.CopyTo(new Span<byte>(buffers.At(0), 32));
        SubmissionEntry entry = ring.Entry(1);
        if (setLater)
        {
            entry.PrepSend((int)sender.Handle, buffers.At(0), 6, 0);
            entry.PrepSendSetAddr(buffers.At(1), NameBytes);
        }
        else
        {
            entry.PrepSendTo((int)sender.Handle, buffers.At(0), 6, 0, buffers.At(1), NameBytes);
        }

        Assert.That(ring.Next().Result, Is.EqualTo(6));

        byte[] received = new byte[32];
        Assert.That(received[..receiver.Receive(received)], Is.EqualTo("to you"u8.ToArray()));
    }

    [Test]
    public void Multishot_messages_come_with_sender_and_control_data()
    {
        using Socket receiver = Bound();
        using Socket sender = Bound();
        receiver.SetRawSocketOption(SocketLevel, Timestamp, BitConverter.GetBytes(1));
        using Ring ring = TestRing.Create();
        using BufferRing buffers = ring.RegisterBufferRing(Group, 4, 256);
        MessageHeader room = new() { NameLength = NameBytes, ControlLength = 64 };
        Arm(ring, receiver, &room, 0);
        for (int i = 0; i < 8; i++)
        {
            byte[] sent = [.. Enumerable.Repeat((byte)i, i + 1)];
            sender.SendTo(sent, receiver.LocalEndPoint!);
            CompletionEntry completion = ring.Next();
            Assert.That(completion.HasMore);
            Assert.That(ReceivedMessage.TryRead(
                buffers.Lend(completion), NameBytes, 64, out ReceivedMessage message));
            Assert.That(message.Payload.ToArray(), Is.EqualTo(sent));
            Assert.That(message.PayloadBytes, Is.EqualTo(sent.Length));
            Assert.That(Port(message.Name), Is.EqualTo(PortOf(sender)));
            Assert.That(message.IsTruncated, Is.False);
            ReadOnlySpan<byte> control = message.Control;
            Assert.That(ControlMessage.TryRead(ref control, out ControlMessage stamp));
            Assert.That((stamp.Level, stamp.Type), Is.EqualTo((SocketLevel, Timestamp)));
            Assert.That(stamp.Data.Length, Is.EqualTo(16));
            Assert.That(ControlMessage.TryRead(ref control, out _), Is.False);
            buffers.GiveBack(completion);
        }
    }

    [Test]
    public void What_does_not_fit_is_truncated_and_says_so()
    {
        using Socket receiver = Bound();
        using Socket sender = Bound();
        using Ring ring = TestRing.Create();
        using BufferRing buffers = ring.RegisterBufferRing(Group, 2, 64);
        MessageHeader room = new() { NameLength = NameBytes };
        Arm(ring, receiver, &room, Truncate);
        sender.SendTo(new byte[100], receiver.LocalEndPoint!);

        CompletionEntry completion = ring.Next();

        Span<byte> lent = buffers.Lend(completion);
        Assert.That(ReceivedMessage.TryRead(lent, NameBytes, 0, out ReceivedMessage message));
        Assert.That(message.IsTruncated);
        Assert.That(message.PayloadBytes, Is.EqualTo(100));
        Assert.That(message.Payload.Length, Is.EqualTo(64 - 16 - NameBytes));
    }

    [Test]
    public void A_buffer_that_is_too_short_holds_no_message()
    {
        Assert.That(ReceivedMessage.TryRead(new byte[47], 16, 16, out _), Is.False);
        Assert.That(ReceivedMessage.TryRead(new byte[48], 16, 16, out ReceivedMessage empty));
        Assert.That(empty.Payload.Length, Is.Zero);
        Assert.That(ReceivedMessage.TryRead(new byte[64], int.MaxValue, int.MaxValue, out _), Is.False);
        Assert.That(
            () => ReceivedMessage.TryRead([], -1, 0, out _),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Control_data_that_lies_about_its_size_ends_the_list()
    {
        foreach (ulong length in new ulong[] { 0, 15, 33, ulong.MaxValue })
        {
            byte[] piece = new byte[32];
            BitConverter.TryWriteBytes(piece, length);
            ReadOnlySpan<byte> control = piece;

            Assert.That(ControlMessage.TryRead(ref control, out _), Is.False);
        }
    }

    private static void Arm(Ring ring, Socket socket, MessageHeader* room, int flags)
    {
        SubmissionEntry entry = ring.Entry(1);
        entry.PrepRecvMsgMultishot((int)socket.Handle, room, flags);
        entry.SetBufferGroup(Group);
        ring.AssertIdle();
    }

    private static Socket Bound()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    private static int Port(ReadOnlySpan<byte> address) => (address[2] << 8) | address[3];
}
