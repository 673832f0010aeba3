using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Gain.Kernel;
using Gain.Rings;
using Gain.Uring;

namespace Gain.Tests.Simulation.Dialled;

/// <remarks>What is received and sent.</remarks>
internal sealed unsafe partial class DialledKernel
{
    private const int PayloadBytes = 64;
    private const int StrangersPort = 9;
    private const int PostedBit = 1 << 15;

    private static readonly int[] s_retries = [Errno.EINTR, Errno.EAGAIN, Errno.EMSGSIZE, Errno.EPROTO];
    private static readonly int[] s_peerErrors =
    [
        Errno.ECONNREFUSED, Errno.ECONNREFUSED, Errno.ECONNREFUSED, Errno.EHOSTUNREACH, Errno.ENETUNREACH,
        Errno.EHOSTDOWN, Errno.ENETDOWN,
    ];

    private static readonly int[] s_sendErrors =
        [Errno.EINTR, Errno.EPERM, Errno.ENOBUFS, Errno.EMSGSIZE];

    private readonly byte[][] _buffers =
        [.. Enumerable.Range(0, world.Scenario.Buffers).Select(static _ => new byte[Room])];

    private readonly Queue<ushort> _free =
        new(Enumerable.Range(0, world.Scenario.Buffers).Select(static id => (ushort)id));

    private readonly List<ushort> _returned = [];
    private readonly HashSet<ushort> _lent = [];

    private static int Room => DatagramHead.Bytes + (PayloadBytes * 4);

    public int LentBuffers => _lent.Count;

    public void EndBatch()
    {
        _returned.ForEach(_free.Enqueue);
        _returned.Clear();
    }

    public Span<byte> Received(ushort id, int length)
    {
        world.Require(_lent.Contains(id), "a buffer was read that is the kernel's");
        return _buffers[id].AsSpan(0, length);
    }

    public void Recycle(ushort id)
    {
        world.Require(_lent.Remove(id), "a buffer came back twice");
        _returned.Add(id);
    }

    private void Deliver(DialledPeer peer, ulong token)
    {
        if (_random.Chance(_scenario.ReceiveErrors) || peer.Arrived.Count == 0)
        {
            bool isPeers = _random.Chance(_scenario.PeerErrors);
            EndOperation(peer, token, -_random.Pick<int>(isPeers ? s_peerErrors : s_retries));
            peer.IsSilent |= isPeers;
            return;
        }

        if (!_free.TryDequeue(out ushort id))
        {
            EndOperation(peer, token, -Errno.ENOBUFS);
            return;
        }

        _lent.Add(id);
        int length = Fill(_buffers[id], peer);
        bool goesOn = !_random.Chance(_scenario.EndedReceives);
        uint flags = IORING_CQE.IORING_CQE_F_BUFFER | ((uint)id << IORING_CQE.IORING_CQE_BUFFER_SHIFT)
            | (goesOn ? IORING_CQE.IORING_CQE_F_MORE : 0);
        peer.Receive = goesOn ? token : null;
        Complete(token, peer.Fd, length, flags);
    }

    // One datagram, or several of one size that the kernel has joined.
    private int Fill(Span<byte> buffer, DialledPeer peer)
    {
        int segment = _random.Between(4, PayloadBytes);
        int segments = _random.Chance(_scenario.Coalesces) ? _random.Between(2, 4) : 1;
        bool isStrangers = peer.Arrived.Peek() < 0;
        int count = 0;
        while (count < segments && peer.Arrived.TryPeek(out int number) && number < 0 == isStrangers)
        {
            peer.Arrived.Dequeue();
            Span<byte> data = buffer.Slice(DatagramHead.Bytes + (count++ * segment), segment);
            BinaryPrimitives.WriteUInt16BigEndian(data, (ushort)peer.Id);
            BinaryPrimitives.WriteUInt16BigEndian(data[2..], (ushort)Math.Max(0, number));
        }

        world.Strangers += isStrangers ? count : 0;
        ref DatagramHead head = ref MemoryMarshal.AsRef<DatagramHead>(buffer);
        head = default;
        int port = isStrangers ? StrangersPort : DialledWorld.FirstPort + peer.Id;
        fixed (sockaddr_storage* name = &head.Name)
        {
            var v4 = (sockaddr_in*)name;
            v4->sin_family = SocketAbi.AF_INET;
            v4->sin_port = BinaryPrimitives.ReverseEndianness((ushort)port);
            v4->sin_addr = 0x0100007F;
        }

        head.Out = new io_uring_recvmsg_out
        {
            namelen = (uint)sizeof(sockaddr_in),
            payloadlen = (uint)(count * segment),
            controllen = count > 1 ? WriteSegment(buffer, segment) : 0,
        };
        return DatagramHead.Bytes + (count * segment);
    }

    private static uint WriteSegment(Span<byte> buffer, int segment)
    {
        Span<byte> control = buffer[(DatagramHead.Bytes - DatagramHead.ControlBytes)..];
        int head = sizeof(cmsghdr);
        MemoryMarshal.Write(control, new cmsghdr
        {
            cmsg_len = (nuint)(head + sizeof(int)),
            cmsg_level = SocketAbi.IPPROTO_UDP,
            cmsg_type = SocketAbi.UDP_GRO,
        });
        MemoryMarshal.Write(control[head..], segment);
        return (uint)(head + sizeof(ulong));
    }

    public int Send(int fd, mmsghdr* messages, int count)
    {
        DialledPeer peer = _byDescriptor[fd];
        world.Require(peer.IsConnected, $"socket {peer.Id} sends before it is connected");
        world.Require(peer.Room is null, $"socket {peer.Id} is asked that room is waited for at");
        peer.UsedMs = NowMs;
        peer.SaidFull = _random.Chance(_scenario.Full);
        if (peer.SaidFull)
        {
            return -Errno.EAGAIN;
        }

        if (_random.Chance(_scenario.SendErrors))
        {
            bool isPeers = _random.Chance(_scenario.PeerErrors);
            peer.IsSilent |= isPeers;
            return -_random.Pick<int>(isPeers ? s_peerErrors : s_sendErrors);
        }

        int most = _random.Between(1, count);
        for (int i = 0; i < most; i++)
        {
            Hear(peer, ref messages[i].msg_hdr);
        }

        return most;
    }

    private void Hear(DialledPeer peer, ref msghdr header)
    {
        world.Require(header.msg_name is null && header.msg_namelen == 0, "a name the kernel knows is given");
        var data = new ReadOnlySpan<byte>(header.msg_iov->iov_base, (int)header.msg_iov->iov_len);
        int segment = header.msg_controllen == 0 ? data.Length : *(ushort*)((cmsghdr*)header.msg_control + 1);
        while (!data.IsEmpty)
        {
            int said = BinaryPrimitives.ReadUInt16BigEndian(data[2..]);
            int number = said & ~PostedBit;
            ref int last = ref peer.LastHeard[number == said ? 0 : 1];
            world.Require(
                BinaryPrimitives.ReadUInt16BigEndian(data) == peer.Id, $"peer {peer.Id} heard another's");
            world.Require(number > last, $"peer {peer.Id} heard {number} after {last}");
            last = number;
            data = data[Math.Min(segment, data.Length)..];
        }
    }
}
