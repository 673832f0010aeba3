using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gain.Kernel;

namespace Gain.Sockets;

/// <summary>Between <see cref="IPEndPoint"/> and the kernel's sockaddr_in and sockaddr_in6.</summary>
internal static class EndPointConversion
{
    private const int IPv6Bytes = 16;

    /// <summary>Fills <paramref name="storage"/>; returns how many bytes of it the address takes.</summary>
    /// <exception cref="NotSupportedException">The address is neither IPv4 nor IPv6.</exception>
    internal static uint ToSockAddr(IPEndPoint endPoint, out sockaddr_storage storage)
    {
        storage = default;
        switch (endPoint.AddressFamily)
        {
            case AddressFamily.InterNetwork:
                WriteIPv4(endPoint, ref Unsafe.As<sockaddr_storage, sockaddr_in>(ref storage));
                return (uint)Unsafe.SizeOf<sockaddr_in>();
            case AddressFamily.InterNetworkV6:
                WriteIPv6(endPoint, ref Unsafe.As<sockaddr_storage, sockaddr_in6>(ref storage));
                return (uint)Unsafe.SizeOf<sockaddr_in6>();
            default:
                throw new NotSupportedException($"{endPoint} is neither an IPv4 nor an IPv6 address.");
        }
    }

    /// <summary>
    /// Fills <paramref name="storage"/> for a socket of a family that can reach the address: an IPv4 address
    /// is a mapped one on an IPv6 socket. Returns how many bytes of it the address takes.
    /// </summary>
    // SAFETY: the span covers the sixteen bytes of the member alone, and does not outlive the call.
    internal static unsafe int ToSockAddr(GainAddress address, int family, out sockaddr_storage storage)
    {
        storage = default;
        if (family == SocketAbi.AF_INET)
        {
            ref sockaddr_in v4 = ref Unsafe.As<sockaddr_storage, sockaddr_in>(ref storage);
            v4.sin_family = SocketAbi.AF_INET;
            v4.sin_port = NetworkOrder((ushort)address.Port);
            Span<byte> host = MemoryMarshal.AsBytes(new Span<uint>(ref v4.sin_addr));
            BinaryPrimitives.WriteUInt32BigEndian(host, (uint)(address.Bits & uint.MaxValue));
            return Unsafe.SizeOf<sockaddr_in>();
        }

        ref sockaddr_in6 v6 = ref Unsafe.As<sockaddr_storage, sockaddr_in6>(ref storage);
        v6.sin6_family = SocketAbi.AF_INET6;
        v6.sin6_port = NetworkOrder((ushort)address.Port);
        v6.sin6_scope_id = (uint)address.ScopeId;
        BinaryPrimitives.WriteUInt128BigEndian(
            MemoryMarshal.CreateSpan(ref v6.sin6_addr[0], IPv6Bytes), address.Bits);
        return Unsafe.SizeOf<sockaddr_in6>();
    }

    /// <summary>
    /// The address in the first <paramref name="length"/> bytes; null if they hold no IP address.
    /// </summary>
    /// <remarks>What a dual-stack socket says of an IPv4 peer (::ffff:1.2.3.4) comes back as IPv4.</remarks>
    internal static IPEndPoint? FromSockAddr(ref sockaddr_storage storage, uint length)
    {
        // Of a Unix socket without a name the kernel returns the family alone, so the length counts first.
        if (length < sizeof(ushort))
        {
            return null;
        }
        if (storage.ss_family == SocketAbi.AF_INET && length >= Unsafe.SizeOf<sockaddr_in>())
        {
            return ReadIPv4(ref Unsafe.As<sockaddr_storage, sockaddr_in>(ref storage));
        }
        if (storage.ss_family == SocketAbi.AF_INET6 && length >= Unsafe.SizeOf<sockaddr_in6>())
        {
            return ReadIPv6(ref Unsafe.As<sockaddr_storage, sockaddr_in6>(ref storage));
        }
        return null;
    }

    /// <summary>
    /// Like <see cref="FromSockAddr"/>, but numbers instead of an object, and true for a Unix socket's too.
    /// </summary>
    // SAFETY: the span covers the sixteen bytes of the member alone, and does not outlive the call.
    internal static unsafe bool TryReadAddress(
        ref sockaddr_storage storage, uint length, out GainAddress address)
    {
        address = default;
        if (length < sizeof(ushort))
        {
            return false;
        }

        if (storage.ss_family == SocketAbi.AF_INET && length >= Unsafe.SizeOf<sockaddr_in>())
        {
            ref sockaddr_in v4 = ref Unsafe.As<sockaddr_storage, sockaddr_in>(ref storage);
            ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(ref v4.sin_addr));
            UInt128 mapped = GainAddress.MapV4(BinaryPrimitives.ReadUInt32BigEndian(bytes));
            address = new GainAddress(mapped, NetworkOrder(v4.sin_port));
            return true;
        }

        if (storage.ss_family == SocketAbi.AF_INET6 && length >= Unsafe.SizeOf<sockaddr_in6>())
        {
            ref sockaddr_in6 v6 = ref Unsafe.As<sockaddr_storage, sockaddr_in6>(ref storage);
            ReadOnlySpan<byte> bytes = MemoryMarshal.CreateReadOnlySpan(ref v6.sin6_addr[0], IPv6Bytes);
            address = new GainAddress(
                BinaryPrimitives.ReadUInt128BigEndian(bytes), NetworkOrder(v6.sin6_port), v6.sin6_scope_id);
            return true;
        }

        if (storage.ss_family == SocketAbi.AF_UNIX)
        {
            address = GainAddress.Unix;
            return true;
        }

        return false;
    }

    /// <summary>The IPv4 address in an IPv4-mapped one; any other address as it is.</summary>
    internal static IPAddress Unmap(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static void WriteIPv4(IPEndPoint endPoint, ref sockaddr_in address)
    {
        address.sin_family = SocketAbi.AF_INET;
        address.sin_port = NetworkOrder((ushort)endPoint.Port);
        WriteBytes(endPoint.Address, MemoryMarshal.AsBytes(new Span<uint>(ref address.sin_addr)));
    }

    // SAFETY: the span covers the sixteen bytes of the member alone, and does not outlive the call.
    private static unsafe void WriteIPv6(IPEndPoint endPoint, ref sockaddr_in6 address)
    {
        address.sin6_family = SocketAbi.AF_INET6;
        address.sin6_port = NetworkOrder((ushort)endPoint.Port);
        address.sin6_scope_id = (uint)endPoint.Address.ScopeId;
        WriteBytes(endPoint.Address, MemoryMarshal.CreateSpan(ref address.sin6_addr[0], IPv6Bytes));
    }

    private static IPEndPoint ReadIPv4(ref sockaddr_in address)
    {
        var host = new IPAddress(MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(ref address.sin_addr)));
        return new IPEndPoint(host, NetworkOrder(address.sin_port));
    }

    // SAFETY: the span covers the sixteen bytes of the member alone, and does not outlive the call.
    private static unsafe IPEndPoint ReadIPv6(ref sockaddr_in6 address)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.CreateReadOnlySpan(ref address.sin6_addr[0], IPv6Bytes);
        var host = new IPAddress(bytes, address.sin6_scope_id);
        return new IPEndPoint(Unmap(host), NetworkOrder(address.sin6_port));
    }

    private static void WriteBytes(IPAddress address, Span<byte> destination)
    {
        bool fits = address.TryWriteBytes(destination, out int written);
        Debug.Assert(fits && written == destination.Length, "The family decides the size.");
    }

    // Its own inverse: it turns a port from either order into the other.
    private static ushort NetworkOrder(ushort port) =>
        BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(port) : port;
}
