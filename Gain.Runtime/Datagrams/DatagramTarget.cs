using System.Runtime.InteropServices;
using Gain.Kernel;
using Gain.Sockets;

namespace Gain.Datagrams;

/// <summary>Where a datagram is to go, as the kernel takes it: for a socket of one family.</summary>
internal ref struct DatagramTarget
{
    private const int FamilyBytes = sizeof(ushort);

    private sockaddr_storage _name;
    private int _length;

    /// <summary>The target as bytes.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public readonly ReadOnlySpan<byte> Name =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<sockaddr_storage>(in _name))[.._length];

    /// <summary>Takes an address, if a socket of the family can send there.</summary>
    public DatagramFailure Set(GainAddress address, int family)
    {
        bool fits = address.Kind switch
        {
            GainAddressKind.IPv4 => family is SocketAbi.AF_INET or SocketAbi.AF_INET6,
            GainAddressKind.IPv6 => family == SocketAbi.AF_INET6,
            _ => false,
        };
        if (!fits)
        {
            return address.Kind == GainAddressKind.None
                ? DatagramFailure.NoAddress
                : DatagramFailure.WrongFamily;
        }

        _length = EndPointConversion.ToSockAddr(address, family, out _name);
        return DatagramFailure.None;
    }

    /// <summary>Takes the name of a Unix socket: a path, or a NUL and an abstract name.</summary>
    public DatagramFailure Set(ReadOnlySpan<byte> path, int family)
    {
        if (family != SocketAbi.AF_UNIX)
        {
            return DatagramFailure.WrongFamily;
        }

        // A path ends with a NUL; an abstract name ends where the length says.
        bool isAbstract = !path.IsEmpty && path[0] == 0;
        int most = isAbstract ? sockaddr_un.PathBytes : sockaddr_un.PathBytes - 1;
        if (path.IsEmpty || path.Length > most)
        {
            return DatagramFailure.NoAddress;
        }

        _name = default;
        _name.ss_family = SocketAbi.AF_UNIX;
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<sockaddr_storage>(ref _name));
        path.CopyTo(bytes[FamilyBytes..]);
        _length = FamilyBytes + path.Length + (isAbstract ? 0 : 1);
        return DatagramFailure.None;
    }

    /// <summary>Queues a datagram, on the worker's thread.</summary>
    public static DatagramFailure Send(
        DatagramSocket socket, GainAddress address, ReadOnlySpan<byte> data)
    {
        if (socket.IsDialled)
        {
            return address == socket.Peer ? socket.SendToPeer(data) : DatagramFailure.NotThePeer;
        }

        var target = default(DatagramTarget);
        DatagramFailure failure = target.Set(address, socket.Traits.Family);
        return failure == DatagramFailure.None ? socket.Add(target.Name, data) : failure;
    }

    /// <summary>Like the other overload, to a Unix socket.</summary>
    public static DatagramFailure Send(
        DatagramSocket socket, ReadOnlySpan<byte> path, ReadOnlySpan<byte> data)
    {
        var target = default(DatagramTarget);
        DatagramFailure failure = target.Set(path, socket.Traits.Family);
        return failure == DatagramFailure.None ? socket.Add(target.Name, data) : failure;
    }
}
