using System.Buffers.Binary;
using System.Buffers.Text;

namespace Gain.Proxies;

/// <summary>Writes the header of a connection that goes out.</summary>
internal static class ProxyWriter
{
    /// <summary>The bytes of a TLV before its value.</summary>
    internal const int TlvHeadBytes = 3;

    private const int MaxV6Bytes = 36;

    /// <summary>How much room a header needs.</summary>
    internal static int MaxBytes(ProxyVersion version, int tlvs) =>
        version == ProxyVersion.V1 ? ProxyLine.MaxBytes : ProxyParser.FixedBytes + MaxV6Bytes + tlvs;

    /// <summary>Writes one; there is room for it.</summary>
    /// <returns>Its bytes.</returns>
    internal static int Write(
        Span<byte> to,
        ProxyVersion version,
        in GainAddress source,
        in GainAddress destination,
        ReadOnlySpan<byte> tlvs)
    {
        bool isKnown = IsIP(source) && IsIP(destination);
        bool isV6 = isKnown
            && (source.Kind == GainAddressKind.IPv6 || destination.Kind == GainAddressKind.IPv6);
        return version == ProxyVersion.V1
            ? WriteLine(to, isKnown, isV6, source, destination)
            : WriteBinary(to, isKnown, isV6, source, destination, tlvs);
    }

    private static bool IsIP(GainAddress address) =>
        address.Kind is GainAddressKind.IPv4 or GainAddressKind.IPv6;

    private static int WriteLine(
        Span<byte> to, bool isKnown, bool isV6, in GainAddress source, in GainAddress destination)
    {
        if (!isKnown)
        {
            "PROXY UNKNOWN\r\n"u8.CopyTo(to);
            return "PROXY UNKNOWN\r\n"u8.Length;
        }

        int at = 0;
        Put(to, ref at, isV6 ? "PROXY TCP6 "u8 : "PROXY TCP4 "u8);
        PutHost(to, ref at, source, isV6);
        PutHost(to, ref at, destination, isV6);
        PutNumber(to, ref at, source.Port);
        Put(to, ref at, " "u8);
        PutNumber(to, ref at, destination.Port);
        Put(to, ref at, "\r\n"u8);
        return at;
    }

    private static void Put(Span<byte> to, ref int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(to[at..]);
        at += text.Length;
    }

    private static void PutNumber(Span<byte> to, ref int at, int number)
    {
        _ = Utf8Formatter.TryFormat(number, to[at..], out int written);
        at += written;
    }

    // An address writes itself with its port, and in brackets.
    private static void PutHost(Span<byte> to, ref int at, in GainAddress address, bool isV6)
    {
        Span<byte> text = stackalloc byte[GainAddress.MaxTextLength];
        _ = address.TryFormat(text, out int length);
        ReadOnlySpan<byte> host = text[..text[..length].LastIndexOf((byte)':')];
        bool isMapped = isV6 && address.Kind == GainAddressKind.IPv4;
        Put(to, ref at, isMapped ? "::ffff:"u8 : ""u8);
        ReadOnlySpan<byte> bare = host.Trim("[]"u8);
        int scope = bare.IndexOf((byte)'%');
        Put(to, ref at, scope < 0 ? bare : bare[..scope]);
        Put(to, ref at, " "u8);
    }

    private static int WriteBinary(
        Span<byte> to,
        bool isKnown,
        bool isV6,
        in GainAddress source,
        in GainAddress destination,
        ReadOnlySpan<byte> tlvs)
    {
        ProxyParser.Signature.CopyTo(to);
        to[12] = (byte)(isKnown ? 0x21 : 0x20);
        int family = isV6 ? 0x21 : 0x11;
        to[13] = (byte)(isKnown ? family : 0);
        int at = ProxyParser.FixedBytes;
        if (isKnown)
        {
            PutBits(to, ref at, source, isV6);
            PutBits(to, ref at, destination, isV6);
            BinaryPrimitives.WriteUInt16BigEndian(to[at..], (ushort)source.Port);
            BinaryPrimitives.WriteUInt16BigEndian(to[(at + 2)..], (ushort)destination.Port);
            at += 4;
        }

        Put(to, ref at, tlvs);
        BinaryPrimitives.WriteUInt16BigEndian(to[14..], (ushort)(at - ProxyParser.FixedBytes));
        Seal(to[..at], at - tlvs.Length);
        return at;
    }

    private static void PutBits(Span<byte> to, ref int at, in GainAddress address, bool isV6)
    {
        if (isV6)
        {
            BinaryPrimitives.WriteUInt128BigEndian(to[at..], address.Bits);
            at += 16;
        }
        else
        {
            _ = address.TryWriteHost(to[at..], out int written);
            at += written;
        }
    }

    // Gives a checksum that is among the TLVs its value.
    private static void Seal(Span<byte> header, int tlvs)
    {
        ReadOnlySpan<byte> rest = header[tlvs..];
        while (ProxyParser.TryTakeTlv(ref rest, out int type, out ReadOnlySpan<byte> value))
        {
            if (type == (int)ProxyTlvType.Crc32C && value.Length == sizeof(uint))
            {
                int at = header.Length - rest.Length - sizeof(uint);
                BinaryPrimitives.WriteUInt32BigEndian(header[at..], ProxyParser.Checksum(header, at));
            }
        }
    }
}
