namespace Gain.Net;

/// <summary>
/// An IP address and port as numbers, to compare and to count without an object: IPv4 addresses as the
/// IPv4-mapped IPv6 ones that they are on a dual-stack socket.
/// </summary>
/// <param name="Bits">The 128 bits of the IPv6 address, the first in the highest place.</param>
/// <param name="Port">The port.</param>
internal readonly record struct PeerAddress(UInt128 Bits, ushort Port)
{
    /// <summary>The peer of a Unix socket, which has no address.</summary>
    public static readonly PeerAddress Unix = new(0, 0) { IsUnix = true };

    private const int V4Bits = 32;
    private static readonly UInt128 s_v4Prefix = 0xFFFF;

    /// <summary>Whether there is no address to go by; see <see cref="Unix"/>.</summary>
    public bool IsUnix { get; private init; }

    /// <summary>Whether the address is an IPv4 one.</summary>
    public bool IsV4 => Bits >> V4Bits == s_v4Prefix;

    /// <summary>
    /// The address, or of an IPv6 one the first 64 bits: a client usually has all addresses behind them.
    /// </summary>
    public UInt128 Site => IsV4 ? Bits : Bits >> 64 << 64;

    /// <summary>The bits of an IPv4 address as those of the IPv4-mapped IPv6 address.</summary>
    public static UInt128 MapV4(uint address) => (s_v4Prefix << V4Bits) | address;
}
