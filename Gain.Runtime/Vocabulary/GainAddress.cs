using System.Buffers.Binary;
using System.Net;

namespace Gain;

/// <summary>
/// The address of a socket: host and port as numbers, without an object. An IPv4-mapped IPv6 address
/// (<c>::ffff:192.0.2.1</c>, as dual-stack sockets write it) is the IPv4 address. Immutable; any thread. Only
/// the conversions to and from objects allocate.
/// </summary>
public readonly partial struct GainAddress : IEquatable<GainAddress>
{
    private const int V4Bits = 32;
    private const int SiteBits = 64;
    private const int IPv4Bytes = 4;
    private const int IPv6Bytes = 16;
    private const ulong V4Prefix = 0xFFFFUL << V4Bits;

    // Two halves and not a UInt128, whose alignment would cost eight bytes more in every address.
    private readonly ulong _high;
    private readonly ulong _low;
    private readonly uint _scopeId;
    private readonly ushort _port;
    private readonly byte _kind;

    /// <param name="bits">The IPv6 or IPv4-mapped address, its first byte in the highest place.</param>
    /// <param name="port">The port.</param>
    /// <param name="scopeId">The scope of an IPv6 address.</param>
    internal GainAddress(UInt128 bits, ushort port, uint scopeId = 0)
    {
        _high = (ulong)(bits >> SiteBits);
        _low = (ulong)bits;
        _port = port;
        bool isV4 = _high == 0 && _low >> V4Bits << V4Bits == V4Prefix;
        _kind = (byte)(isV4 ? GainAddressKind.IPv4 : GainAddressKind.IPv6);
        _scopeId = isV4 ? 0 : scopeId;
    }

    private GainAddress(GainAddressKind kind) => _kind = (byte)kind;

    /// <summary>The address of every Unix socket.</summary>
    public static GainAddress Unix { get; } = new(GainAddressKind.Unix);

    /// <summary>What it is the address of.</summary>
    [AllocationFree]
    public GainAddressKind Kind => (GainAddressKind)_kind;

    /// <summary>The port; 0 for a Unix socket.</summary>
    [AllocationFree]
    public int Port => _port;

    /// <summary>
    /// The scope of an IPv6 address, as an interface's index. Only link-local addresses have one; 0 for all
    /// others.
    /// </summary>
    [AllocationFree]
    public long ScopeId => _scopeId;

    /// <summary>The 128 bits of the IPv6 address, or of the IPv4-mapped one.</summary>
    internal UInt128 Bits => new(_high, _low);

    /// <summary>
    /// The IPv4 address, or the first 64 bits of the IPv6 address: a client usually has all addresses with
    /// that prefix.
    /// </summary>
    internal UInt128 Site => Kind == GainAddressKind.IPv6 ? new UInt128(_high, 0) : Bits;

    /// <summary>The address and port of an end point.</summary>
    /// <param name="endPoint">An IPv4 or IPv6 end point.</param>
    /// <returns>The same as numbers.</returns>
    /// <exception cref="ArgumentException">The end point is of another family.</exception>
    public static GainAddress FromIPEndPoint(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        Span<byte> bytes = stackalloc byte[IPv6Bytes];
        if (!endPoint.Address.TryWriteBytes(bytes, out int written))
        {
            throw new ArgumentException(
                $"{endPoint} is neither an IPv4 nor an IPv6 address.", nameof(endPoint));
        }

        return written == IPv4Bytes
            ? new GainAddress(MapV4(BinaryPrimitives.ReadUInt32BigEndian(bytes)), (ushort)endPoint.Port)
            : new GainAddress(
                BinaryPrimitives.ReadUInt128BigEndian(bytes),
                (ushort)endPoint.Port,
                (uint)endPoint.Address.ScopeId);
    }

    /// <summary>The same host with another port.</summary>
    /// <param name="port">The port: 0 to 65,535.</param>
    /// <returns>The address.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a port.</exception>
    /// <exception cref="InvalidOperationException">The address is not an IP address, so it has no
    /// port.</exception>
    [AllocationFree]
    public GainAddress WithPort(int port)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, IPEndPoint.MaxPort);
        RequireIP();
        return new GainAddress(Bits, (ushort)port, _scopeId);
    }

    /// <summary>Whether both have the same host, whatever the ports; true for two Unix sockets.</summary>
    /// <param name="other">The other address.</param>
    /// <returns>Whether the hosts are the same, scopes included.</returns>
    [AllocationFree]
    public bool HasSameHost(GainAddress other) =>
        _high == other._high && _low == other._low && _scopeId == other._scopeId && _kind == other._kind;

    /// <summary>Writes the host in network order: 4 bytes for an IPv4 address, 16 for an IPv6
    /// address.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="written">How many bytes were written; 0 when they did not fit.</param>
    /// <returns>False when <paramref name="destination"/> is too short.</returns>
    /// <exception cref="InvalidOperationException">It is no IP address.</exception>
    [AllocationFree]
    public bool TryWriteHost(Span<byte> destination, out int written)
    {
        RequireIP();
        written = Kind == GainAddressKind.IPv4 ? IPv4Bytes : IPv6Bytes;
        if (destination.Length < written)
        {
            written = 0;
            return false;
        }

        if (Kind == GainAddressKind.IPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)_low);
        }
        else
        {
            BinaryPrimitives.WriteUInt128BigEndian(destination, Bits);
        }

        return true;
    }

    /// <summary>The same as an object. Allocates.</summary>
    /// <returns>The end point.</returns>
    /// <exception cref="InvalidOperationException">It is no IP address.</exception>
    public IPEndPoint ToIPEndPoint()
    {
        Span<byte> bytes = stackalloc byte[IPv6Bytes];
        _ = TryWriteHost(bytes, out int written);
        var host = written == IPv4Bytes
            ? new IPAddress(bytes[..IPv4Bytes])
            : new IPAddress(bytes, _scopeId);
        return new IPEndPoint(host, _port);
    }

    /// <inheritdoc/>
    [AllocationFree]
    public bool Equals(GainAddress other) => HasSameHost(other) && _port == other._port;

    /// <inheritdoc/>
    [AllocationFree]
    public override bool Equals(object? obj) => obj is GainAddress other && Equals(other);

    /// <inheritdoc/>
    [AllocationFree]
    public override int GetHashCode() => HashCode.Combine(_high, _low, _scopeId, _port, _kind);

    /// <summary>Whether both are the same address and port.</summary>
    [AllocationFree]
    public static bool operator ==(GainAddress left, GainAddress right) => left.Equals(right);

    /// <summary>Whether they differ in address or port.</summary>
    [AllocationFree]
    public static bool operator !=(GainAddress left, GainAddress right) => !left.Equals(right);

    /// <summary>The bits of an IPv4 address as those of the IPv4-mapped IPv6 address.</summary>
    internal static UInt128 MapV4(uint address) => new(0, V4Prefix | address);

    private void RequireIP()
    {
        if (Kind is not (GainAddressKind.IPv4 or GainAddressKind.IPv6))
        {
            throw new InvalidOperationException(
                Kind == GainAddressKind.Unix
                    ? "A Unix socket has neither host nor port: look at GainAddress.Kind first."
                    : "The default value of GainAddress is no address: look at GainAddress.Kind first.");
        }
    }
}
