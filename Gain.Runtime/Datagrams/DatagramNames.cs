using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gain.Kernel;
using Gain.Rings;
using Gain.Sockets;

namespace Gain.Datagrams;

/// <summary>Between the kernel's addresses of datagrams and the public ones.</summary>
internal static class DatagramNames
{
    /// <summary>Where a datagram came from.</summary>
    public static GainAddress RemoteOf(ref readonly DatagramTraits traits, ref readonly DatagramHead head)
    {
        ref sockaddr_storage name = ref Unsafe.AsRef(in head.Name);
        bool isKnown = EndPointConversion.TryReadAddress(ref name, head.Out.namelen, out GainAddress remote);
        return isKnown || traits.Family != SocketAbi.AF_UNIX ? remote : GainAddress.Unix;
    }

    /// <summary>Where a datagram was sent to.</summary>
    public static GainAddress LocalOf(ref readonly DatagramTraits traits, ref readonly DatagramHead head)
    {
        _ = EndPointConversion.TryReadAddress(
            ref Unsafe.AsRef(in traits.LocalName), traits.LocalNameBytes, out GainAddress bound);
        if (!traits.HasPacketInfo)
        {
            return bound;
        }

        if (head.TryGetControl(SocketAbi.IPPROTO_IP, SocketAbi.IP_PKTINFO, out ReadOnlySpan<byte> v4))
        {
            uint address = MemoryMarshal.Read<in_pktinfo>(v4).ipi_addr;
            uint host = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(address) : address;
            return new GainAddress(GainAddress.MapV4(host), (ushort)bound.Port);
        }

        // The interface is the scope of a link-local address.
        const int addressBytes = 16;
        const ushort linkLocal = 0xFE80;
        const ushort linkLocalMask = 0xFFC0;
        if (head.TryGetControl(SocketAbi.IPPROTO_IPV6, SocketAbi.IPV6_PKTINFO, out ReadOnlySpan<byte> v6))
        {
            bool isLinkLocal = (BinaryPrimitives.ReadUInt16BigEndian(v6) & linkLocalMask) == linkLocal;
            return new GainAddress(
                BinaryPrimitives.ReadUInt128BigEndian(v6),
                (ushort)bound.Port,
                isLinkLocal ? MemoryMarshal.Read<uint>(v6[addressBytes..]) : 0);
        }

        return bound;
    }

    /// <summary>The name in a Unix socket's address; of a path without the NUL at its end.</summary>
    public static ReadOnlySpan<byte> PathOf(ReadOnlySpan<byte> name)
    {
        if (name.Length <= sizeof(ushort))
        {
            return default;
        }

        ReadOnlySpan<byte> path = name[sizeof(ushort)..];
        int end = path[0] == 0 ? -1 : path.IndexOf((byte)0);
        return end < 0 ? path : path[..end];
    }
}
