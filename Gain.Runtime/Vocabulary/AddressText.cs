using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gain.Kernel;

namespace Gain;

/// <summary>IP addresses as text, limited to the forms that mean the same to all programs. Any
/// thread.</summary>
internal static class AddressText
{
    private const int IPv4Bytes = 4;
    private const int MaxPortDigits = 5;

    /// <summary>Reads an address with a port, or without one.</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, out IPAddress? host, out ushort port)
    {
        port = 0;
        if (text.StartsWith("["))
        {
            int close = text.IndexOf(']');
            ReadOnlySpan<char> rest = close < 0 ? default : text[(close + 1)..];
            host = null;
            return close > 0
                && (rest.IsEmpty || (rest[0] == ':' && TryParsePort(rest[1..], out port)))
                && TryParseV6(text[1..close], out host);
        }

        int colon = text.IndexOf(':');
        if (colon >= 0 && text.LastIndexOf(':') != colon)
        {
            return TryParseV6(text, out host);
        }

        host = null;
        return (colon < 0 || TryParsePort(text[(colon + 1)..], out port))
            && TryParseV4(colon < 0 ? text : text[..colon], out host);
    }

    /// <summary>
    /// Four decimal numbers: inet_aton's other forms ("127.1", octal) mean different hosts elsewhere.
    /// </summary>
    internal static bool TryParseV4(ReadOnlySpan<char> text, out IPAddress? address)
    {
        address = null;
        Span<byte> bytes = stackalloc byte[IPv4Bytes];
        int count = 0;
        foreach (Range range in text.Split('.'))
        {
            ReadOnlySpan<char> part = text[range];
            bool hasLeadingZero = part.Length > 1 && part[0] == '0';
            if (count == IPv4Bytes
                || hasLeadingZero
                || !IsNumber(part)
                || !byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out bytes[count++]))
            {
                return false;
            }
        }

        address = count == IPv4Bytes ? new IPAddress(bytes) : null;
        return address is not null;
    }

    /// <summary>An IPv6 address without brackets, with its interface behind a %.</summary>
    internal static bool TryParseV6(ReadOnlySpan<char> text, out IPAddress? address)
    {
        int percent = text.IndexOf('%');
        ReadOnlySpan<char> digits = percent < 0 ? text : text[..percent];
        address = null;
        if (!TryParseV6Digits(digits, out IPAddress? parsed))
        {
            return false;
        }

        if (percent >= 0)
        {
            if (!TryParseScope(text[(percent + 1)..], out uint scope))
            {
                return false;
            }

            parsed!.ScopeId = scope;
        }

        address = parsed;
        return true;
    }

    /// <summary>An IPv6 address without brackets and scope.</summary>
    internal static bool TryParseV6Digits(ReadOnlySpan<char> digits, out IPAddress? address)
    {
        address = null;
        int dot = digits.IndexOf('.');
        int colon = digits.LastIndexOf(':');
        return digits.IndexOfAnyExcept("0123456789abcdefABCDEF:.") < 0
            && colon >= 0
            && (dot < 0 || (dot > colon && TryParseV4(digits[(colon + 1)..], out _)))
            && IPAddress.TryParse(digits, out address)
            && address.AddressFamily == AddressFamily.InterNetworkV6;
    }

    /// <summary>An interface's index, above 0, or the name of one that the machine has.</summary>
    internal static bool TryParseScope(ReadOnlySpan<char> text, out uint scope)
    {
        if (IsNumber(text))
        {
            return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out scope)
                && scope > 0;
        }

        long found = text.IsEmpty || text.Contains('\0') ? 0 : InterfaceIndex(text.ToString());
        scope = found > 0 ? (uint)found : 0;
        return found > 0;
    }

    // The framework's parsers take NULs behind a number for nothing.
    private static bool IsNumber(ReadOnlySpan<char> text) =>
        !text.IsEmpty && text.IndexOfAnyExceptInRange('0', '9') < 0;

    private static bool TryParsePort(ReadOnlySpan<char> text, out ushort port)
    {
        port = 0;
        return text.Length <= MaxPortDigits
            && IsNumber(text)
            && ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port);
    }

    // SAFETY: the bytes are pinned for the call, end in a zero, and the kernel keeps no pointer to them.
    private static unsafe long InterfaceIndex(string name)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(name + '\0'))
        {
            return Libc.IfNameToIndex(bytes);
        }
    }
}
