using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Gain.Kernel;
using static Gain.Kernel.SocketAbi;

namespace Gain.Sockets;

/// <summary>Has a bound socket tell of datagrams what their receiver needs.</summary>
internal static class DatagramSetup
{
    /// <summary>Finds out where a socket is bound, and sets what it is to tell.</summary>
    /// <param name="fd">The socket.</param>
    /// <param name="coalesces">Whether it may hand over several datagrams at once.</param>
    /// <param name="name">Where it is bound.</param>
    /// <param name="length">The bytes of <paramref name="name"/>.</param>
    /// <returns>Whether each datagram tells where it arrived, as that is not one address.</returns>
    /// <exception cref="GainException">The kernel refused.</exception>
    // SAFETY: both variables are the caller's for the call.
    internal static unsafe bool Prepare(
        int fd, bool coalesces, out sockaddr_storage name, out uint length)
    {
        fixed (sockaddr_storage* nameAt = &name)
        {
            uint read = (uint)sizeof(sockaddr_storage);
            Check(Libc.GetSockName(fd, nameAt, &read), fd);
            length = read;
        }

        int family = name.ss_family;
        if (family == AF_UNIX)
        {
            return false;
        }

        if (coalesces)
        {
            // Kernels before 5.0 do not know it, and hand over one at a time.
            int result = SocketOptions.SetFlag(fd, IPPROTO_UDP, UDP_GRO, on: true);
            if (result != -Errno.ENOPROTOOPT)
            {
                Check(result, fd);
            }
        }

        // Otherwise a socket gets what any other program on the machine has joined.
        Check(
            family == AF_INET6
                ? SocketOptions.SetFlag(fd, IPPROTO_IPV6, IPV6_MULTICAST_ALL, on: false)
                : SocketOptions.SetFlag(fd, IPPROTO_IP, IP_MULTICAST_ALL, on: false),
            fd);
        if (family == AF_INET6)
        {
            // Of the IPv4 half of a dual-stack socket.
            Check(SocketOptions.SetFlag(fd, IPPROTO_IP, IP_MULTICAST_ALL, on: false), fd);
        }

        if (!IsAny(ref name))
        {
            return false;
        }

        if (family == AF_INET6)
        {
            Check(SocketOptions.SetFlag(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, on: true), fd);
        }

        // Of a dual-stack socket as well: where a broadcast came in, only this tells what address to answer
        // from.
        Check(SocketOptions.SetFlag(fd, IPPROTO_IP, IP_PKTINFO, on: true), fd);
        return true;
    }

    // SAFETY: the span covers the bytes of the member alone.
    private static unsafe bool IsAny(ref sockaddr_storage name)
    {
        if (name.ss_family == AF_INET)
        {
            return Unsafe.As<sockaddr_storage, sockaddr_in>(ref name).sin_addr == 0;
        }

        fixed (byte* address = Unsafe.As<sockaddr_storage, sockaddr_in6>(ref name).sin6_addr)
        {
            return BinaryPrimitives.ReadUInt128BigEndian(new ReadOnlySpan<byte>(address, 16)) == 0;
        }
    }

    private static void Check(int result, int fd)
    {
        if (result < 0)
        {
            throw GainException.ForSystemCall($"Cannot prepare descriptor {fd} for datagrams", -result);
        }
    }
}
