using System.Buffers.Binary;
using Gain.Proxies;

namespace Gain;

/// <summary>
/// What a load balancer has said of a connection, by HAProxy's PROXY protocol. It is valid until the callback
/// returns. Worker's thread.
/// </summary>
public readonly ref struct ProxyHeader
{
    private const int MaxTlvBytes = 16_384;

    private readonly ref ProxyEntry _entry;

    internal ProxyHeader(ref ProxyEntry entry) => _entry = ref entry;

    /// <summary>Its form.</summary>
    [AllocationFree]
    public ProxyVersion Version => _entry.Version;

    /// <summary>
    /// Whether the connection is the balancer's own, such as a check, or one whose client it cannot tell: the
    /// addresses are then the default value, and there are no TLVs.
    /// </summary>
    [AllocationFree]
    public bool IsLocal => _entry.IsLocal;

    /// <summary>The client's address.</summary>
    [AllocationFree]
    public GainAddress Source => _entry.Source;

    /// <summary>The address that the client has connected to.</summary>
    [AllocationFree]
    public GainAddress Destination => _entry.Destination;

    /// <summary>All TLVs as they came, each whole; empty in version 1.</summary>
    [AllocationFree]
    public ReadOnlySpan<byte> Tlvs => _entry.Tlvs.Span;

    /// <summary>Finds the first TLV of a type.</summary>
    /// <param name="type">The type; any number up to 255.</param>
    /// <param name="value">Its value.</param>
    /// <returns>Whether there is one.</returns>
    [AllocationFree]
    public bool TryFind(ProxyTlvType type, out ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> rest = Tlvs;
        return TryFindIn(ref rest, type, out value);
    }

    /// <summary>Finds the next TLV of a type among others: where there are several, and inside of
    /// another.</summary>
    /// <param name="tlvs">TLVs; what was looked at is cut off the front.</param>
    /// <param name="type">The type; any number up to 255.</param>
    /// <param name="value">Its value.</param>
    /// <returns>Whether there is one.</returns>
    [AllocationFree]
    public static bool TryFindIn(
        scoped ref ReadOnlySpan<byte> tlvs, ProxyTlvType type, out ReadOnlySpan<byte> value)
    {
        while (ProxyParser.TryTakeTlv(ref tlvs, out int found, out value))
        {
            if (found == (int)type)
            {
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Writes a TLV for <see cref="Connection.SendProxyHeader"/>.</summary>
    /// <param name="destination">Where to: three bytes more than the value.</param>
    /// <param name="type">The type: 1 to 255.</param>
    /// <param name="value">The value: up to 65,535 bytes.</param>
    /// <param name="written">The bytes written; 0 where they do not fit.</param>
    /// <returns>Whether they fit.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The type or the value's length is out of
    /// range.</exception>
    [AllocationFree]
    public static bool TryWriteTlv(
        Span<byte> destination, ProxyTlvType type, ReadOnlySpan<byte> value, out int written)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero((int)type, nameof(type));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((int)type, byte.MaxValue, nameof(type));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, ushort.MaxValue, nameof(value));
        written = 0;
        if (destination.Length < ProxyWriter.TlvHeadBytes + value.Length)
        {
            return false;
        }

        destination[0] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(destination[1..], (ushort)value.Length);
        value.CopyTo(destination[ProxyWriter.TlvHeadBytes..]);
        written = ProxyWriter.TlvHeadBytes + value.Length;
        return true;
    }

    /// <summary>Checks what a header is to be made of.</summary>
    internal static void Check(ProxyVersion version, ReadOnlySpan<byte> tlvs)
    {
        if (version is not (ProxyVersion.V1 or ProxyVersion.V2))
        {
            throw new ArgumentException(
                $"The version of a PROXY header is V1 or V2, and not {version}.", nameof(version));
        }

        if (!tlvs.IsEmpty && version == ProxyVersion.V1)
        {
            throw new ArgumentException(
                "Version 1 of the PROXY protocol has no TLVs: use ProxyVersion.V2.", nameof(tlvs));
        }

        if (tlvs.Length > MaxTlvBytes)
        {
            throw new ArgumentException(
                $"The TLVs have {tlvs.Length:N0} bytes, and may have {MaxTlvBytes:N0}.", nameof(tlvs));
        }

        ReadOnlySpan<byte> rest = tlvs;
        while (ProxyParser.TryTakeTlv(ref rest, out _, out _))
        {
            // Only what is left behind the last whole one counts.
        }

        if (!rest.IsEmpty)
        {
            throw new ArgumentException(
                $"The last {rest.Length:N0} bytes of the TLVs are not a whole one: make each with "
                + "ProxyHeader.TryWriteTlv.",
                nameof(tlvs));
        }
    }
}
