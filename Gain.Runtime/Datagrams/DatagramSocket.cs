using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gain.Kernel;
using Gain.Rings;
using Gain.Slots;
using Gain.Sockets;

namespace Gain.Datagrams;

/// <summary>A socket for datagrams, as its worker has it. The worker's thread alone touches it.</summary>
/// <param name="table">The worker's connections, and its clock.</param>
/// <param name="fd">The descriptor, which stays the worker's.</param>
/// <param name="index">Which of the worker's sockets it is.</param>
/// <param name="traits">What is known of the socket.</param>
/// <param name="outbox">What waits to be sent.</param>
internal sealed class DatagramSocket(
    SlotTable table, int fd, int index, DatagramTraits traits, DatagramOutbox outbox)
    : DatagramPlace(index)
{
    /// <summary>The bytes of IP_PKTINFO's control data.</summary>
    public const int PacketInfoBytes = 32;

    /// <summary>The bytes of IPV6_PKTINFO's control data.</summary>
    public const int PacketInfoV6Bytes = 40;

    private DatagramTraits _traits = traits;

    public SlotTable Table { get; } = table;

    public int Fd { get; private set; } = fd;

    /// <summary>
    /// Which of the server's addresses it is for, or behind these which of what is dialled.
    /// </summary>
    public byte Address { get; set; }

    /// <summary>Whether it is dialled: it has a peer, and ends before its worker does.</summary>
    public bool IsDialled { get; init; }

    /// <summary>The peer of one that is dialled.</summary>
    public GainAddress Peer { get; private set; }

    /// <summary>
    /// Whether one that is dialled has been closed, or is gone: nothing more is delivered or sent.
    /// </summary>
    public bool IsShut { get; set; }

    public DatagramOutbox Outbox { get; } = outbox;

    /// <summary>Where it is bound, and what it tells of datagrams.</summary>
    public ref readonly DatagramTraits Traits => ref _traits;

    /// <summary>
    /// The control data of a datagram that nothing is to be said of but what is said of all.
    /// </summary>
    public int PlainControlBytes { get; } = !traits.HasPacketInfo ? 0
        : traits.Family == SocketAbi.AF_INET6 ? PacketInfoV6Bytes : PacketInfoBytes;

    /// <summary>The same of an IPv4 peer's, where the socket is dual-stack.</summary>
    public int PlainMappedControlBytes { get; } = !traits.HasPacketInfo ? 0
        : traits.Family == SocketAbi.AF_INET6 ? PacketInfoV6Bytes + PacketInfoBytes : PacketInfoBytes;

    /// <summary>Whether it waits for room in the socket's send buffer.</summary>
    public bool AwaitsRoom { get; set; }

    /// <summary>Held while the descriptor is used by other threads, and while it is closed.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Whether the descriptor is closed, or about to be; under <see cref="Gate"/>.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Sends what waits, in the middle of a callback; the worker's.</summary>
    public Action<DatagramSocket>? Flush { get; set; }

    /// <summary>Ends one that is dialled; the worker's.</summary>
    public Action<DatagramSocket>? End { get; set; }

    /// <summary>Takes another descriptor: one that is dialled.</summary>
    /// <param name="fd">The descriptor, or a negative number where there is none.</param>
    /// <param name="family">AF_INET or AF_INET6.</param>
    /// <param name="peer">Where it is to be connected to.</param>
    public void Begin(int fd, int family, GainAddress peer)
    {
        Fd = fd;
        Peer = peer;
        IsShut = false;
        _traits = new DatagramTraits
        {
            Family = family,
            MaxBytes = family == SocketAbi.AF_INET
                ? DatagramOutbox.MaxIPv4Bytes
                : DatagramOutbox.MaxIPv6Bytes,
        };
        lock (Gate)
        {
            IsClosed = fd < 0;
        }
    }

    /// <summary>One that is dialled is connected: its ends are known.</summary>
    public void Connect(in sockaddr_storage local, uint localBytes, GainAddress peer)
    {
        _traits.LocalName = local;
        _traits.LocalNameBytes = localBytes;
        Peer = peer;
    }

    /// <summary>
    /// Whether a datagram is of the peer. One of somebody else's may have arrived between the choice of the
    /// port and the connect.
    /// </summary>
    public bool IsOfPeer(ref readonly DatagramHead head)
    {
        ref sockaddr_storage name = ref Unsafe.AsRef(in head.Name);
        return EndPointConversion.TryReadAddress(ref name, head.Out.namelen, out GainAddress remote)
            && remote.Port == Peer.Port
            && remote.HasSameHost(Peer);
    }

    /// <summary>Queues a datagram for the peer of one that is dialled. The kernel knows its name.</summary>
    public DatagramFailure SendToPeer(ReadOnlySpan<byte> data) =>
        IsShut ? DatagramFailure.Closed : Add(default, default, data);

    /// <summary>Queues an answer to where a datagram came from, from where it arrived.</summary>
    public DatagramFailure Reply(ref readonly DatagramHead head, ReadOnlySpan<byte> data)
    {
        if (IsDialled)
        {
            return SendToPeer(data);
        }

        // A Unix socket without a name has the family alone.
        ReadOnlySpan<byte> name = head.RawName;
        if (name.Length <= sizeof(ushort))
        {
            return DatagramFailure.NoAddress;
        }

        if (!_traits.HasPacketInfo)
        {
            return Add(name, default, data);
        }

        Span<byte> control = stackalloc byte[PacketInfoV6Bytes];
        return Add(name, control[..WriteSource(in head, control)], data);
    }

    /// <summary>Queues a datagram for any address.</summary>
    /// <param name="name">The address, as a sockaddr of the socket's family.</param>
    /// <param name="data">The payload.</param>
    public DatagramFailure Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data) => Add(name, default, data);

    private DatagramFailure Add(
        ReadOnlySpan<byte> name, ReadOnlySpan<byte> control, ReadOnlySpan<byte> data)
    {
        if (data.Length > _traits.MaxBytes)
        {
            return DatagramFailure.TooLarge;
        }

        return Outbox.TryAdd(name, control, data) || TryAgain(name, control, data)
            ? DatagramFailure.None
            : DatagramFailure.BacklogFull;
    }

    [AllowAllocation("what flushes is the worker's sender, which allocates nothing")]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryAgain(ReadOnlySpan<byte> name, ReadOnlySpan<byte> control, ReadOnlySpan<byte> data)
    {
        Flush?.Invoke(this);
        if (Outbox.TryAdd(name, control, data))
        {
            return true;
        }

        Outbox.Dropped++;
        return false;
    }

    /// <summary>
    /// Writes the control data that has an answer leave from the address that it answers for: of a machine
    /// with several, the kernel might choose another one, which the peer would not know.
    /// </summary>
    /// <returns>Its bytes; 0 to leave the choice to the kernel.</returns>
    private int WriteSource(ref readonly DatagramHead head, Span<byte> control)
    {
        if (_traits.Family != SocketAbi.AF_UNIX
            && head.TryGetControl(SocketAbi.IPPROTO_IP, SocketAbi.IP_PKTINFO, out ReadOnlySpan<byte> v4))
        {
            // The kernel has filled in the local address that fits, also for broadcasts and multicasts. The
            // way back is for the routing to find: no interface.
            in_pktinfo source = MemoryMarshal.Read<in_pktinfo>(v4);
            source.ipi_ifindex = 0;
            return Write(control, SocketAbi.IPPROTO_IP, SocketAbi.IP_PKTINFO, in source);
        }

        if (_traits.Family == SocketAbi.AF_INET6
            && head.TryGetControl(SocketAbi.IPPROTO_IPV6, SocketAbi.IPV6_PKTINFO, out ReadOnlySpan<byte> v6)
            && !IsGroup(v6))
        {
            in6_pktinfo source = MemoryMarshal.Read<in6_pktinfo>(v6);
            source.ipi6_ifindex = 0;
            return Write(control, SocketAbi.IPPROTO_IPV6, SocketAbi.IPV6_PKTINFO, in source);
        }

        return 0;
    }

    private static int Write<T>(Span<byte> control, int level, int type, in T data)
        where T : unmanaged
    {
        int head = Unsafe.SizeOf<cmsghdr>();
        int length = head + Unsafe.SizeOf<T>();
        control.Clear();
        MemoryMarshal.Write(
            control, new cmsghdr { cmsg_len = (nuint)length, cmsg_level = level, cmsg_type = type });
        MemoryMarshal.Write(control[head..], in data);
        return OutboundDatagram.Padded(length);
    }

    // An IPv6 group, or an IPv4-mapped one (RFC 4291, 2.5.5.2 and 2.7; RFC 5771): nothing leaves from there.
    private static bool IsGroup(ReadOnlySpan<byte> address)
    {
        const byte v6Groups = 0xFF;
        const byte v4Groups = 0xE0;
        ReadOnlySpan<byte> mapped = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF];
        return address[0] == v6Groups || (address.StartsWith(mapped) && address[mapped.Length] >= v4Groups);
    }
}
