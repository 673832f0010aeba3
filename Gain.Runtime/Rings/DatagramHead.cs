using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gain.Kernel;

namespace Gain.Rings;

/// <summary>
/// What lies in front of a datagram in its receive buffer: the kernel's head, the sender's address, and the
/// control data. Three cache lines, of which a plain IPv4 or IPv6 datagram touches the first.
/// </summary>
/// <remarks>
/// <code>
/// 0      16                                128               192
/// +------+---------------------------------+-----------------+---------
/// | head | name                            | control data    | payload
/// +------+---------------------------------+-----------------+---------
/// </code>
/// The kernel is told of as much room for the name and the control data, and so leaves the payload behind.
/// Unix sockets take no control data: the name has all the room, and what descriptors a peer may pass are
/// never installed in this process.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Bytes)]
internal unsafe struct DatagramHead
{
    /// <summary>The offset of the payload.</summary>
    public const int Bytes = 192;

    /// <summary>The room for an IP address, and more than it needs.</summary>
    public const int NameBytes = ControlOffset - NameOffset;

    /// <summary>The room for IPV6_PKTINFO (40 bytes), IP_PKTINFO (32) and UDP_GRO (24).</summary>
    public const int ControlBytes = Bytes - ControlOffset;

    /// <summary>The room for the name of a Unix socket.</summary>
    public const int UnixNameBytes = Bytes - NameOffset;

    private const int NameOffset = 16;
    private const int ControlOffset = 96;

    /// <summary>What the kernel says of the datagram.</summary>
    [FieldOffset(0)] public io_uring_recvmsg_out Out;

    /// <summary>
    /// The sender's address: as many bytes of it as <see cref="io_uring_recvmsg_out.namelen"/> says.
    /// </summary>
    [FieldOffset(NameOffset)] public sockaddr_storage Name;

    [FieldOffset(ControlOffset)] private fixed byte _control[ControlBytes];

    /// <summary>Whether the payload did not fit into the buffer.</summary>
    public readonly bool IsTruncated => (Out.flags & SocketAbi.MSG_TRUNC) != 0;

    /// <summary>The first bytes of the sender's address: its family, and the port or a path's
    /// start.</summary>
    public readonly uint NameStart => Unsafe.As<sockaddr_storage, uint>(ref Unsafe.AsRef(in Name));

    /// <summary>The sender's address as the kernel wrote it; empty when the sender has none.</summary>
    // SAFETY: the spans cover bytes of this struct alone, and live as long as the reference to it.
    public readonly ReadOnlySpan<byte> RawName
    {
        [UnscopedRef]
        get => MemoryMarshal.CreateReadOnlySpan(
            ref Unsafe.As<sockaddr_storage, byte>(ref Unsafe.AsRef(in Name)),
            (int)Math.Min(Out.namelen, UnixNameBytes));
    }

    /// <summary>The control data.</summary>
    // SAFETY: as for RawName.
    public readonly ReadOnlySpan<byte> Control
    {
        [UnscopedRef]
        get => MemoryMarshal.CreateReadOnlySpan(
            ref Unsafe.AsRef(in _control[0]), (int)Math.Min(Out.controllen, ControlBytes));
    }

    /// <summary>Finds one piece of the control data.</summary>
    /// <param name="level">Its level, as in cmsg(3).</param>
    /// <param name="type">Its type.</param>
    /// <param name="data">What follows its head.</param>
    /// <returns>Whether it is there.</returns>
    [UnscopedRef]
    public readonly bool TryGetControl(int level, int type, out ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> rest = Control;
        while (rest.Length >= Unsafe.SizeOf<cmsghdr>())
        {
            cmsghdr piece = MemoryMarshal.Read<cmsghdr>(rest);
            if (piece.cmsg_len < (nuint)Unsafe.SizeOf<cmsghdr>() || piece.cmsg_len > (nuint)rest.Length)
            {
                break;
            }

            var length = (int)piece.cmsg_len;
            if (piece.cmsg_level == level && piece.cmsg_type == type)
            {
                data = rest[Unsafe.SizeOf<cmsghdr>()..length];
                return true;
            }

            rest = rest[Math.Min(rest.Length, (length + sizeof(nuint) - 1) & -sizeof(nuint))..];
        }

        data = default;
        return false;
    }
}
