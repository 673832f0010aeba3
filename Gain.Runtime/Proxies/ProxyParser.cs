using System.Buffers.Binary;

namespace Gain.Proxies;

/// <summary>
/// Reads the header that HAProxy's PROXY protocol puts in front of a connection, of either version. Strict:
/// two programs that read a header differently disagree about who the client is.
/// </summary>
internal static class ProxyParser
{
    /// <summary>The bytes of a header of version 2 before its addresses.</summary>
    internal const int FixedBytes = 16;

    /// <summary>The bytes of the addresses of two Unix sockets.</summary>
    internal const int UnixBytes = 216;

    private const int V4Bytes = 12;
    private const int V6Bytes = 36;
    private const int CommandAt = 12;
    private const int FamilyAt = 13;
    private const int LengthAt = 14;
    private const int Version2 = 2;
    private const int MaxFamily = 3;
    private const int MaxTransport = 2;
    private const int ChecksumBytes = 4;

    /// <summary>How a header of version 2 begins: no other protocol does.</summary>
    internal static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Reads what has come so far.</summary>
    /// <param name="data">From the connection's first byte on.</param>
    /// <param name="maxBytes">The most bytes of a header.</param>
    /// <param name="head">What it says, where it is complete.</param>
    internal static ProxyStatus Read(ReadOnlySpan<byte> data, int maxBytes, out ProxyHead head)
    {
        head = default;
        if (data.IsEmpty)
        {
            return ProxyStatus.NeedsMore;
        }

        return data[0] == Signature[0]
            ? ReadBinary(data, maxBytes, ref head)
            : ProxyLine.Read(data, maxBytes, ref head);
    }

    /// <summary>Cuts the next TLV off.</summary>
    /// <returns>Whether there is one, and all of it.</returns>
    internal static bool TryTakeTlv(
        scoped ref ReadOnlySpan<byte> tlvs, out int type, out ReadOnlySpan<byte> value)
    {
        type = 0;
        value = default;
        if (tlvs.Length < ProxyWriter.TlvHeadBytes)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(tlvs[1..]);
        if (tlvs.Length - ProxyWriter.TlvHeadBytes < length)
        {
            return false;
        }

        type = tlvs[0];
        value = tlvs.Slice(ProxyWriter.TlvHeadBytes, length);
        tlvs = tlvs[(ProxyWriter.TlvHeadBytes + length)..];
        return true;
    }

    private static ProxyStatus ReadBinary(ReadOnlySpan<byte> data, int maxBytes, ref ProxyHead head)
    {
        int known = Math.Min(data.Length, Signature.Length);
        if (!data[..known].SequenceEqual(Signature[..known]))
        {
            return ProxyStatus.NoHeader;
        }

        // What is wrong is refused as soon as it is there, and not when the length is reached that it claims.
        if (data.Length > CommandAt && (data[CommandAt] >> 4 != Version2 || (data[CommandAt] & 0xF) > 1)
            || data.Length > FamilyAt
                && (data[FamilyAt] >> 4 > MaxFamily || (data[FamilyAt] & 0xF) > MaxTransport))
        {
            return ProxyStatus.Malformed;
        }

        if (data.Length < FixedBytes)
        {
            return ProxyStatus.NeedsMore;
        }

        int length = FixedBytes + BinaryPrimitives.ReadUInt16BigEndian(data[LengthAt..]);
        if (length > maxBytes)
        {
            return ProxyStatus.TooLong;
        }

        if (data.Length < length)
        {
            return ProxyStatus.NeedsMore;
        }

        head.Version = ProxyVersion.V2;
        head.Length = length;
        head.TlvStart = length;
        head.IsLocal = (data[CommandAt] & 0xF) == 0
            || data[FamilyAt] >> 4 == 0
            || (data[FamilyAt] & 0xF) == 0;

        // Whatever follows a local one is skipped: balancers put addresses there that mean nothing.
        return head.IsLocal ? ProxyStatus.Complete : ReadAddresses(data[..length], ref head);
    }

    private static ProxyStatus ReadAddresses(ReadOnlySpan<byte> data, ref ProxyHead head)
    {
        int family = data[FamilyAt] >> 4;
        int bytes = family switch { 1 => V4Bytes, 2 => V6Bytes, _ => UnixBytes };
        ReadOnlySpan<byte> addresses = data[FixedBytes..];
        if (addresses.Length < bytes)
        {
            return ProxyStatus.Malformed;
        }

        switch (family)
        {
            case 1:
                head.Source = V4(addresses, addresses[8..]);
                head.Destination = V4(addresses[4..], addresses[10..]);
                break;
            case 2:
                head.Source = V6(addresses, addresses[32..]);
                head.Destination = V6(addresses[16..], addresses[34..]);
                break;
            default:
                head.Source = GainAddress.Unix;
                head.Destination = GainAddress.Unix;
                break;
        }

        head.TlvStart = FixedBytes + bytes;
        return CheckTlvs(data, head.TlvStart);
    }

    private static GainAddress V4(ReadOnlySpan<byte> host, ReadOnlySpan<byte> port) => new(
        GainAddress.MapV4(BinaryPrimitives.ReadUInt32BigEndian(host)),
        BinaryPrimitives.ReadUInt16BigEndian(port));

    private static GainAddress V6(ReadOnlySpan<byte> host, ReadOnlySpan<byte> port) => new(
        BinaryPrimitives.ReadUInt128BigEndian(host), BinaryPrimitives.ReadUInt16BigEndian(port));

    // All must be whole, so that a handler never meets one that is not. Those inside others are left alone:
    // nothing here goes deeper than a sender has nested.
    private static ProxyStatus CheckTlvs(ReadOnlySpan<byte> header, int start)
    {
        ReadOnlySpan<byte> rest = header[start..];
        while (!rest.IsEmpty)
        {
            if (!TryTakeTlv(ref rest, out int type, out ReadOnlySpan<byte> value))
            {
                return ProxyStatus.Malformed;
            }

            if (type == (int)ProxyTlvType.Crc32C)
            {
                if (value.Length != ChecksumBytes)
                {
                    return ProxyStatus.Malformed;
                }

                int at = header.Length - rest.Length - ChecksumBytes;
                if (BinaryPrimitives.ReadUInt32BigEndian(value) != Checksum(header, at))
                {
                    return ProxyStatus.WrongChecksum;
                }
            }
        }

        return ProxyStatus.Complete;
    }

    /// <summary>The CRC-32C of a header, whose own four bytes count as zeros.</summary>
    internal static uint Checksum(ReadOnlySpan<byte> header, int at)
    {
        uint crc = uint.MaxValue;
        for (int i = 0; i < header.Length; i++)
        {
            bool isOwn = i >= at && i < at + ChecksumBytes;
            crc = System.Numerics.BitOperations.Crc32C(crc, isOwn ? (byte)0 : header[i]);
        }

        return ~crc;
    }
}
