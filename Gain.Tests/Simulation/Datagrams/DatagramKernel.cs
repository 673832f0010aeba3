using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Gain.Kernel;
using Gain.Rings;
using Gain.Uring;
using Gain.Workers;

namespace Gain.Tests.Simulation.Datagrams;

/// <summary>
/// A kernel with one socket for datagrams, and its peers: what it does follows from a seed. It receives what
/// its peers send, and does with it what a kernel may do.
/// </summary>
internal sealed unsafe class DatagramKernel
{
    public const int Peers = 4;
    public const int PayloadBytes = 64;

    // A peer, and the number of its datagram: shorter ones tell nothing of themselves.
    public const int HeadBytes = 3;

    private const int FirstPort = 1_000;
    private static readonly int[] s_receiveErrors =
        [Errno.EINTR, Errno.ECONNREFUSED, Errno.EHOSTUNREACH, Errno.ENETDOWN, Errno.ENOMEM, Errno.EAGAIN];

    private static readonly int[] s_sendErrors =
        [Errno.EINTR, Errno.ECONNREFUSED, Errno.EPERM, Errno.ENOBUFS, Errno.EMSGSIZE, Errno.ENETUNREACH];

    private readonly ulong _seed;
    private readonly SimulationRandom _random;
    private readonly DatagramFaults _faults;
    private readonly ServerState _server;
    private readonly byte[][] _buffers;
    private readonly Queue<ushort> _free = new();
    private readonly List<ushort> _returned = [];
    private readonly HashSet<ushort> _lent = [];
    private readonly Queue<CompletionEntry> _completions = new();
    private readonly int[] _sent = new int[Peers];
    private readonly int[] _heard = new int[Peers];
    private int _left;
    private int _ready;
    private ulong? _receive;
    private ulong? _room;
    private bool _saidFull;

    public DatagramKernel(ulong seed, SimulationRandom random, ServerState server)
    {
        _seed = seed;
        _random = random;
        _server = server;
        _faults = new DatagramFaults(random);
        _left = random.Skewed(1, 300);
        _buffers = new byte[1 << random.Between(1, 4)][];
        for (int i = 0; i < _buffers.Length; i++)
        {
            _buffers[i] = new byte[DatagramHead.Bytes + PayloadBytes * 8];
            _free.Enqueue((ushort)i);
        }

        Array.Fill(_heard, -1);
    }

    public long NowMs { get; private set; } = 1_000;

    /// <summary>What was delivered, and how much of it was cut off.</summary>
    public int Delivered { get; private set; }

    public int Truncated { get; private set; }

    /// <summary>What the peers have heard.</summary>
    public int Heard { get; private set; }

    /// <summary>The first rule that was broken.</summary>
    public string? Failure { get; private set; }

    public void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            Failure ??= $"Seed {_seed}: {otherwise}";
        }
    }

    public void Arm(ulong token)
    {
        Require(_receive is null, "a receive was armed twice");
        _receive = token;
    }

    public void AwaitRoom(ulong token)
    {
        Require(_room is null, "room was waited for twice");
        Require(_saidFull, "room was waited for that was there");
        _room = token;
    }

    public void Cancel(ulong target, ulong token)
    {
        int result = -Errno.ENOENT;
        if (_receive == target)
        {
            _receive = null;
            result = 0;
        }
        else if (_room == target)
        {
            _room = null;
            result = 0;
        }

        if (result == 0)
        {
            _completions.Enqueue(new CompletionEntry(target, -Errno.ECANCELED, 0));
        }

        _completions.Enqueue(new CompletionEntry(token, result, 0));
    }

    public void Enter(long timeoutNs)
    {
        NowMs += _random.Below(3);
        for (int steps = _random.Below(7); steps > 0; steps--)
        {
            Step();
        }

        if (_faults.StopsEarly && !_server.StopRequested && _random.Chance(0.01))
        {
            // Whoever asks for it wakes the worker.
            RequestStop();
            return;
        }

        if (timeoutNs == 0 || _completions.Count != 0 || MakeProgress())
        {
            return;
        }

        Require(timeoutNs > 0, "the worker waits, and nothing is left that could come");
        NowMs += timeoutNs > 0 ? (timeoutNs / 1_000_000) + 1 : 1;
        if (Failure is not null)
        {
            throw new InvalidOperationException(Failure);
        }
    }

    public void BeginBatch() => _ready = _completions.Count;

    public bool TryTake(out CompletionEntry completion)
    {
        completion = default;
        return _ready-- > 0 && _completions.TryDequeue(out completion);
    }

    public void EndBatch()
    {
        _returned.ForEach(_free.Enqueue);
        _returned.Clear();
    }

    public Span<byte> Received(ushort id, int length)
    {
        Require(_lent.Contains(id), "a buffer was read that is the kernel's");
        return _buffers[id].AsSpan(0, length);
    }

    public void Recycle(ushort id)
    {
        Require(_lent.Remove(id), "a buffer came back twice");
        _returned.Add(id);
    }

    public int CountLent() => _lent.Count;

    public int Send(mmsghdr* messages, int count)
    {
        Require(count is > 0 and <= 64, $"{count} messages were sent at once");
        Require(_room is null, "a socket was asked that room is waited for at");
        _saidFull = _random.Chance(_faults.Full);
        if (_saidFull)
        {
            return -Errno.EAGAIN;
        }

        if (_random.Chance(_faults.SendErrors))
        {
            return -_random.Pick<int>(s_sendErrors);
        }

        int most = _random.Chance(_faults.SendsLess) ? _random.Between(1, count) : count;
        for (int i = 0; i < most; i++)
        {
            if (!TryTakeMessage(ref messages[i].msg_hdr))
            {
                return i == 0 ? -Errno.EINVAL : i;
            }
        }

        return most;
    }

    private void RequestStop()
    {
        if (!_server.StopRequested)
        {
            _server.RequestStop(NowMs + _random.Skewed(0, 2_000));
        }
    }

    private bool MakeProgress()
    {
        if (_receive is not null && _left > 0)
        {
            Deliver();
        }
        else if (_room is not null)
        {
            CompleteRoom();
        }
        else if (!_server.StopRequested && _left == 0)
        {
            RequestStop();
        }
        else
        {
            return false;
        }

        return true;
    }

    private void Step()
    {
        if (_room is not null && _random.Chance(_faults.RoomComes))
        {
            CompleteRoom();
        }

        if (_receive is not null && _left > 0)
        {
            Deliver();
        }
    }

    private void CompleteRoom()
    {
        _completions.Enqueue(new CompletionEntry(_room!.Value, 4, 0));
        _room = null;
    }

    private void Deliver()
    {
        if (_random.Chance(_faults.ReceiveErrors))
        {
            EndReceive(-_random.Pick<int>(s_receiveErrors));
        }
        else if (!_free.TryDequeue(out ushort id))
        {
            EndReceive(-Errno.ENOBUFS);
        }
        else
        {
            _left--;
            Fill(id);
        }
    }

    private void EndReceive(int result)
    {
        _completions.Enqueue(new CompletionEntry(_receive!.Value, result, 0));
        _receive = null;
    }

    private void Fill(ushort id)
    {
        int peer = _random.Below(Peers);
        int segment = _random.Chance(_faults.Empty) ? 0 : _random.Between(HeadBytes, PayloadBytes);
        int segments = segment != 0 && _random.Chance(_faults.Coalesces) ? _random.Between(2, 8) : 1;
        bool isCut = segments == 1 && _random.Chance(_faults.Truncates);
        Span<byte> buffer = _buffers[id];
        int length = 0;
        for (int i = 0; i < segments; i++)
        {
            int bytes = i > 0 && i == segments - 1 ? _random.Between(HeadBytes, segment) : segment;
            Write(buffer.Slice(DatagramHead.Bytes + length, bytes), peer);
            length += bytes;
        }

        ref DatagramHead head = ref MemoryMarshal.AsRef<DatagramHead>(buffer);
        head = default;
        head.Name = Name(peer);
        head.Out = new io_uring_recvmsg_out
        {
            namelen = (uint)sizeof(sockaddr_in),
            payloadlen = (uint)length,
            flags = isCut ? (uint)SocketAbi.MSG_TRUNC : 0,
            controllen = segments > 1 ? WriteSegment(buffer, segment) : 0,
        };
        Delivered += segments;
        Truncated += isCut ? 1 : 0;
        _lent.Add(id);
        bool goesOn = length != 0 && !_random.Chance(_faults.Overflows);
        uint flags = IORING_CQE.IORING_CQE_F_BUFFER | ((uint)id << IORING_CQE.IORING_CQE_BUFFER_SHIFT)
            | (goesOn ? IORING_CQE.IORING_CQE_F_MORE : 0);
        _completions.Enqueue(new CompletionEntry(_receive!.Value, DatagramHead.Bytes + length, flags));
        _receive = goesOn ? _receive : null;
    }

    private void Write(Span<byte> data, int peer)
    {
        int number = _sent[peer]++;
        if (data.Length >= HeadBytes)
        {
            data.Fill((byte)(number * 31));
            data[0] = (byte)peer;
            BinaryPrimitives.WriteUInt16BigEndian(data[1..], (ushort)number);
        }
    }

    private static sockaddr_storage Name(int peer)
    {
        sockaddr_storage name = default;
        var v4 = (sockaddr_in*)&name;
        v4->sin_family = SocketAbi.AF_INET;
        v4->sin_port = BinaryPrimitives.ReverseEndianness((ushort)(FirstPort + peer));
        v4->sin_addr = 0x0100007F;
        return name;
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

    // False: a run that the kernel cannot cut up.
    private bool TryTakeMessage(ref msghdr header)
    {
        var name = (sockaddr_in*)header.msg_name;
        int peer = BinaryPrimitives.ReverseEndianness(name->sin_port) - FirstPort;
        Require(header.msg_namelen == sizeof(sockaddr_in) && peer is >= 0 and < Peers, "no peer's name");
        var data = new ReadOnlySpan<byte>(header.msg_iov->iov_base, (int)header.msg_iov->iov_len);
        int segment = Math.Max(1, data.Length);
        if (header.msg_controllen != 0)
        {
            if (_random.Chance(_faults.RefusesRuns))
            {
                return false;
            }

            segment = *(ushort*)((cmsghdr*)header.msg_control + 1);
        }

        do
        {
            Hear(peer, data[..Math.Min(segment, data.Length)]);
            data = data[Math.Min(segment, data.Length)..];
        }
        while (!data.IsEmpty);
        return true;
    }

    private void Hear(int peer, ReadOnlySpan<byte> data)
    {
        Heard++;
        if (data.IsEmpty)
        {
            return;
        }

        int number = BinaryPrimitives.ReadUInt16BigEndian(data[1..]);
        Require(data[0] == peer, $"peer {peer} heard what peer {data[0]} had said");
        Require(number > _heard[peer], $"peer {peer} heard {number} after {_heard[peer]}");
        Require(
            data[HeadBytes..].IndexOfAnyExcept((byte)(number * 31)) < 0, $"datagram {number} was changed");
        _heard[peer] = number;
    }
}
