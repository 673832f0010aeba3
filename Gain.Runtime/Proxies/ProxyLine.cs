using System.Buffers.Text;
using System.Globalization;

namespace Gain.Proxies;

/// <summary>The header of version 1: a line of text. Nothing of it allocates.</summary>
internal static class ProxyLine
{
    /// <summary>The most bytes of a line, its end included.</summary>
    internal const int MaxBytes = 107;

    private const int Groups = 8;
    private const int GroupBits = 16;
    private const int MaxPortDigits = 5;

    private static ReadOnlySpan<byte> Start => "PROXY "u8;

    /// <summary>As <see cref="ProxyParser.Read"/>.</summary>
    internal static ProxyStatus Read(ReadOnlySpan<byte> data, int maxBytes, ref ProxyHead head)
    {
        int known = Math.Min(data.Length, Start.Length);
        if (!data[..known].SequenceEqual(Start[..known]))
        {
            return ProxyStatus.NoHeader;
        }

        int most = Math.Min(maxBytes, MaxBytes);
        int end = data[..Math.Min(data.Length, most)].IndexOf((byte)'\n');
        if (end < 0)
        {
            return data.Length < most ? ProxyStatus.NeedsMore : ProxyStatus.TooLong;
        }

        if (data[end - 1] != '\r' || data[..(end - 1)].Contains((byte)'\r'))
        {
            return ProxyStatus.Malformed;
        }

        head.Version = ProxyVersion.V1;
        head.Length = end + 1;
        head.TlvStart = head.Length;
        return ReadFields(data[Start.Length..(end - 1)], ref head)
            ? ProxyStatus.Complete
            : ProxyStatus.Malformed;
    }

    private static bool ReadFields(ReadOnlySpan<byte> fields, ref ProxyHead head)
    {
        ReadOnlySpan<byte> family = Next(ref fields);
        if (family.SequenceEqual("UNKNOWN"u8))
        {
            // What follows, up to the end of the line, is to be ignored.
            head.IsLocal = true;
            return true;
        }

        bool isV6 = family.SequenceEqual("TCP6"u8);
        if (!isV6 && !family.SequenceEqual("TCP4"u8))
        {
            return false;
        }

        if (!TryReadHost(Next(ref fields), isV6, out UInt128 source)
            || !TryReadHost(Next(ref fields), isV6, out UInt128 destination)
            || !TryReadPort(Next(ref fields), out ushort sourcePort)
            || !TryReadPort(fields, out ushort destinationPort))
        {
            return false;
        }

        head.Source = new GainAddress(source, sourcePort);
        head.Destination = new GainAddress(destination, destinationPort);
        return true;
    }

    // One blank stands between two fields, so that two make an empty one, which nothing is.
    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> fields)
    {
        int blank = fields.IndexOf((byte)' ');
        ReadOnlySpan<byte> field = blank < 0 ? fields : fields[..blank];
        fields = blank < 0 ? default : fields[(blank + 1)..];
        return field;
    }

    private static bool TryReadHost(ReadOnlySpan<byte> text, bool isV6, out UInt128 bits)
    {
        if (isV6)
        {
            return TryReadV6(text, out bits);
        }

        bool isRead = TryReadV4(text, out uint address);
        bits = GainAddress.MapV4(address);
        return isRead;
    }

    private static bool TryReadPort(ReadOnlySpan<byte> text, out ushort port)
    {
        bool isRead = TryReadNumber(text, MaxPortDigits, ushort.MaxValue, out int number);
        port = (ushort)number;
        return isRead;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> text, int maxDigits, int max, out int number)
    {
        number = 0;
        return text.Length >= 1
            && text.Length <= maxDigits
            && (text.Length == 1 || text[0] != '0')
            && text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
            && Utf8Parser.TryParse(text, out number, out _)
            && number <= max;
    }

    /// <summary>Reads four numbers without leading zeros.</summary>
    internal static bool TryReadV4(ReadOnlySpan<byte> text, out uint address)
    {
        address = 0;
        for (int i = 0; i < 4; i++)
        {
            int dot = text.IndexOf((byte)'.');
            if (dot < 0 != (i == 3)
                || !TryReadNumber(dot < 0 ? text : text[..dot], 3, byte.MaxValue, out int number))
            {
                return false;
            }

            address = (address << 8) | (uint)number;
            text = dot < 0 ? default : text[(dot + 1)..];
        }

        return true;
    }

    /// <summary>Reads an IPv6 address as RFC 4291 writes it, without a scope.</summary>
    internal static bool TryReadV6(ReadOnlySpan<byte> text, out UInt128 address)
    {
        address = 0;
        UInt128 read = 0;
        int groups = 0;
        int gap = -1;
        int at = 0;
        if (text.StartsWith("::"u8))
        {
            gap = 0;
            at = 2;
        }

        bool isRead = gap == 0 || !text.IsEmpty;
        while (isRead && at < text.Length)
        {
            int colon = text[at..].IndexOf((byte)':');
            ReadOnlySpan<byte> group = colon < 0 ? text[at..] : text.Slice(at, colon);
            isRead = TryAddGroup(group, isLast: colon < 0, ref read, ref groups);
            at += group.Length + 1;
            if (isRead && colon >= 0)
            {
                isRead = at < text.Length;
                if (isRead && text[at] == ':')
                {
                    isRead = gap < 0;
                    gap = groups;
                    at++;
                }
            }
        }

        if (!isRead || (gap < 0 ? groups != Groups : groups >= Groups))
        {
            return false;
        }

        address = gap < 0 ? read : Spread(read, groups, gap);
        return true;
    }

    private static bool TryAddGroup(ReadOnlySpan<byte> text, bool isLast, ref UInt128 read, ref int groups)
    {
        if (isLast && text.Contains((byte)'.'))
        {
            groups += 2;
            if (groups > Groups || !TryReadV4(text, out uint dotted))
            {
                return false;
            }

            read = (read << (2 * GroupBits)) | dotted;
            return true;
        }

        groups++;
        if (groups > Groups
            || text.Length is < 1 or > 4
            || !ushort.TryParse(
                text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort group))
        {
            return false;
        }

        read = (read << GroupBits) | group;
        return true;
    }

    // "::" stands for zeros in the place where it is, one group at least.
    private static UInt128 Spread(UInt128 read, int groups, int gap)
    {
        int behind = (groups - gap) * GroupBits;
        UInt128 low = read & ((UInt128.One << behind) - 1);
        return gap == 0 ? low : (read >> behind << ((Groups - gap) * GroupBits)) | low;
    }
}
