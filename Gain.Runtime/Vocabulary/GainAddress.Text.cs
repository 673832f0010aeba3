using System.Buffers.Text;
using System.Net;
using System.Text;

namespace Gain;

/// <remarks>The address as text.</remarks>
public readonly partial struct GainAddress : ISpanFormattable, IUtf8SpanFormattable
{
    private const int Groups = 8;
    private const int GroupBits = 16;

    /// <summary>
    /// The most characters, and bytes, that an address takes as text: <c>[</c>, an IPv6 address, <c>%</c>, a
    /// scope, <c>]:</c>, a port.
    /// </summary>
    public const int MaxTextLength = 1 + (Groups * 5) - 1 + 1 + 10 + 2 + 5;

    /// <summary>Reads what <see cref="ToString()"/> writes of an IP address. Allocates.</summary>
    /// <param name="text">
    /// <c>192.0.2.1:9000</c> or <c>[2001:db8::1]:9000</c>; without a port, which is then 0, also
    /// <c>192.0.2.1</c> and <c>2001:db8::1</c>. An IPv4 address is four numbers without leading zeros,
    /// because programs disagree about the hosts that <c>010.0.0.1</c>, <c>127.1</c> and <c>1</c> name. A
    /// scope is the number or the name of one of the machine's network interfaces:
    /// <c>[fe80::1%eth0]:9000</c>.
    /// </param>
    /// <param name="address">The address.</param>
    /// <returns>Whether the text is an address.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out GainAddress address)
    {
        bool isAddress = AddressText.TryParse(text, out IPAddress? host, out ushort port);
        address = isAddress ? FromIPEndPoint(new IPEndPoint(host!, port)) : default;
        return isAddress;
    }

    /// <summary>
    /// Writes <c>192.0.2.1:9000</c>, <c>[2001:db8::1]:9000</c> (RFC 5952) or <c>unix</c>; for the default
    /// value nothing. Does not allocate.
    /// </summary>
    /// <param name="utf8Destination">Where to; <see cref="MaxTextLength"/> bytes are always enough.</param>
    /// <param name="bytesWritten">How many bytes were written; 0 when they did not fit.</param>
    /// <returns>False when <paramref name="utf8Destination"/> is too short.</returns>
    [AllocationFree]
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten)
    {
        Span<byte> text = stackalloc byte[MaxTextLength];
        int length = Format(text);
        bool fits = text[..length].TryCopyTo(utf8Destination);
        bytesWritten = fits ? length : 0;
        return fits;
    }

    /// <summary>Like the other overload, in characters.</summary>
    /// <param name="destination">Where to; <see cref="MaxTextLength"/> characters are always enough.</param>
    /// <param name="charsWritten">How many were written; 0 when they did not fit.</param>
    /// <returns>False when <paramref name="destination"/> is too short.</returns>
    [AllocationFree]
    public bool TryFormat(Span<char> destination, out int charsWritten)
    {
        Span<byte> text = stackalloc byte[MaxTextLength];
        int length = Format(text);
        bool fits = length <= destination.Length;
        charsWritten = fits ? Encoding.ASCII.GetChars(text[..length], destination) : 0;
        return fits;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[MaxTextLength];
        return Encoding.ASCII.GetString(text[..Format(text)]);
    }

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString();

    bool ISpanFormattable.TryFormat(
        Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TryFormat(destination, out charsWritten);

    bool IUtf8SpanFormattable.TryFormat(
        Span<byte> utf8Destination,
        out int bytesWritten,
        ReadOnlySpan<char> format,
        IFormatProvider? provider) =>
        TryFormat(utf8Destination, out bytesWritten);

    // The span has room for the longest text.
    private int Format(Span<byte> text)
    {
        int at = 0;
        switch (Kind)
        {
            case GainAddressKind.IPv4:
                for (int shift = V4Bits - 8; shift >= 0; shift -= 8)
                {
                    Put(text, ref at, (byte)(_low >> shift));
                    text[at++] = (byte)(shift == 0 ? ':' : '.');
                }

                Put(text, ref at, _port);
                break;
            case GainAddressKind.IPv6:
                text[at++] = (byte)'[';
                PutGroups(text, ref at);
                if (_scopeId != 0)
                {
                    text[at++] = (byte)'%';
                    Put(text, ref at, _scopeId);
                }

                text[at++] = (byte)']';
                text[at++] = (byte)':';
                Put(text, ref at, _port);
                break;
            case GainAddressKind.Unix:
                "unix"u8.CopyTo(text);
                at = 4;
                break;
            default:
                break;
        }

        return at;
    }

    // RFC 5952: no leading zeros, the first longest run of two or more zero groups as "::".
    private void PutGroups(Span<byte> text, ref int at)
    {
        (int gap, int gapEnd) = LongestZeros();
        for (int i = 0; i < Groups; i++)
        {
            if (i == gap)
            {
                text[at++] = (byte)':';
                text[at++] = (byte)':';
                i = gapEnd - 1;
                continue;
            }

            if (i != 0 && i != gapEnd)
            {
                text[at++] = (byte)':';
            }

            _ = Utf8Formatter.TryFormat(Group(i), text[at..], out int written, 'x');
            at += written;
        }
    }

    private (int From, int To) LongestZeros()
    {
        (int From, int To) longest = (-1, -1);
        for (int from = 0; from < Groups; from++)
        {
            int to = from;
            while (to < Groups && Group(to) == 0)
            {
                to++;
            }

            if (to - from >= 2 && to - from > longest.To - longest.From)
            {
                longest = (from, to);
            }
        }

        return longest;
    }

    private ushort Group(int index) =>
        (ushort)((index < Groups / 2 ? _high : _low) >> (GroupBits * ((Groups / 2) - 1 - (index & 3))));

    private static void Put(Span<byte> text, ref int at, uint number)
    {
        _ = Utf8Formatter.TryFormat(number, text[at..], out int written);
        at += written;
    }
}
