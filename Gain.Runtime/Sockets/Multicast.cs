using System.Runtime.CompilerServices;
using Gain.Kernel;
using static Gain.Kernel.SocketAbi;

namespace Gain.Sockets;

/// <summary>Has a socket get what is sent to a multicast group, or no longer (RFC 3678).</summary>
internal static class Multicast
{
    /// <summary>Joins or leaves a group.</summary>
    /// <param name="fd">The socket.</param>
    /// <param name="group">The group; its port is not looked at.</param>
    /// <param name="interfaceIndex">The network interface; 0 for the one that the route leads to.</param>
    /// <param name="joins">Whether to join it.</param>
    /// <exception cref="ArgumentException">The address is not a multicast group.</exception>
    /// <exception cref="GainException">The kernel refused.</exception>
    // SAFETY: the request lives on the stack for the call, and the kernel copies it.
    internal static unsafe void Change(int fd, GainAddress group, int interfaceIndex, bool joins)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(interfaceIndex);
        if (!IsGroup(group))
        {
            throw new ArgumentException(
                $"{group} is not the address of a multicast group: those are 224.0.0.0/4 and ff00::/8.",
                nameof(group));
        }

        bool isV4 = group.Kind == GainAddressKind.IPv4;
        group_req request = default;
        request.gr_interface = (uint)interfaceIndex;
        EndPointConversion.ToSockAddr(group, isV4 ? AF_INET : AF_INET6, out request.gr_group);
        int result = Libc.SetSockOpt(
            fd,
            isV4 ? IPPROTO_IP : IPPROTO_IPV6,
            joins ? MCAST_JOIN_GROUP : MCAST_LEAVE_GROUP,
            &request,
            (uint)Unsafe.SizeOf<group_req>());
        if (result < 0)
        {
            throw GainException.ForSystemCall(
                $"Cannot {(joins ? "join" : "leave")} the multicast group {group} on interface "
                + $"{interfaceIndex} (`ip maddress` lists what is joined)",
                -result);
        }
    }

    private static bool IsGroup(GainAddress address)
    {
        const int v4Shift = 28;
        const int v6Shift = 120;
        return address.Kind switch
        {
            GainAddressKind.IPv4 => (uint)(address.Bits & uint.MaxValue) >> v4Shift == 0xE,
            GainAddressKind.IPv6 => address.Bits >> v6Shift == 0xFF,
            _ => false,
        };
    }
}
