using System.Numerics;
using System.Text.RegularExpressions;

namespace Gain.Tests.Server;

/// <summary>Splits a whole stream into frames in the plainest way, with numbers that have no limit.</summary>
/// <param name="next">
/// The first frame of some bytes and how many bytes it takes; null when they are only its beginning.
/// </param>
internal sealed class ReferenceSplitter(
    Func<byte[], (byte[] Frame, int Whole, ProtocolErrorKind? Kind)?> next)
{
    public static ReferenceSplitter LengthPrefixed(
        int size, bool bigEndian, int offset, int adjustment, int most, bool strip = true) =>
        new(bytes =>
        {
            int header = offset + size;
            if (bytes.Length < header)
            {
                return null;
            }

            var field = new BigInteger(
                bytes.AsSpan(offset, size), isUnsigned: size < 4, isBigEndian: bigEndian);
            BigInteger length = field + adjustment;
            bool isLong = size == 8 && length > long.MaxValue;
            return field < 0 || length < 0 || isLong
                ? ([], 0, ProtocolErrorKind.MalformedLength)
                : Payload(bytes, header, length, most, strip ? header : 0);
        });

    public static ReferenceSplitter FixedSize(int size) => new(bytes => Payload(bytes, 0, size, size));

    public static ReferenceSplitter Varint(int most) =>
        new(bytes =>
        {
            int last = Array.FindIndex(bytes, value => value < 0x80);
            byte[] prefix = last < 0 ? bytes : bytes[..(last + 1)];
            BigInteger length = 0;
            foreach (byte group in prefix.Reverse())
            {
                length = (length * 128) + (group % 128);
            }

            bool isMalformed = prefix.Length > 5
                || (prefix.Length == 5 && (prefix[4] >= 0x80 || length > int.MaxValue))
                || (last > 0 && bytes[last] == 0);
            if (isMalformed)
            {
                return ([], 0, ProtocolErrorKind.MalformedLength);
            }

            return last < 0 ? null : Payload(bytes, last + 1, length, most);
        });

    public static ReferenceSplitter Delimited(byte[] delimiter, int most) =>
        new(bytes =>
        {
            int length = 0;
            while (!bytes.AsSpan(length).StartsWith(delimiter))
            {
                if (length > most || length + delimiter.Length > bytes.Length)
                {
                    return length > most ? ([], 0, ProtocolErrorKind.FrameTooLong) : null;
                }

                length++;
            }

            return length > most
                ? ([], 0, ProtocolErrorKind.FrameTooLong)
                : (bytes[..length], length + delimiter.Length, null);
        });

    /// <summary>A count of up to two digits, a colon, so many bytes, a comma.</summary>
    public static ReferenceSplitter Netstring(int most) =>
        Limited(most, bytes =>
        {
            string text = System.Text.Encoding.Latin1.GetString(bytes);
            Match head = Regex.Match(text, "^([0-9]{1,2}):");
            if (!head.Success)
            {
                return Regex.IsMatch(text, @"^[0-9]{0,2}\z") ? null : ([], 0, ProtocolErrorKind.Malformed);
            }

            int end = head.Length + int.Parse(head.Groups[1].Value);
            if (bytes.Length <= end)
            {
                return null;
            }

            return bytes[end] == ','
                ? (bytes[head.Length..end], end + 1, null)
                : ([], 0, ProtocolErrorKind.Malformed);
        });

    /// <summary>A count of four bytes, and so many bytes.</summary>
    public static ReferenceSplitter Counted(int most) =>
        Limited(most, bytes =>
        {
            BigInteger whole = bytes.Length < 4
                ? 4
                : 4 + new BigInteger(bytes.AsSpan(0, 4), isUnsigned: true, isBigEndian: true);
            return bytes.Length < whole || bytes.Length < 4 ? null : (bytes[4..(int)whole], (int)whole, null);
        });

    /// <summary>The frames of a stream, how it violates the framing, and what is left of it.</summary>
    public (List<byte[]> Frames, ProtocolErrorKind? Rejected, int Left) Split(byte[] stream)
    {
        var frames = new List<byte[]>();
        byte[] rest = stream;
        while (rest.Length > 0 && next(rest) is { } found)
        {
            if (found.Kind is not null)
            {
                return (frames, found.Kind, 0);
            }

            frames.Add(found.Frame);
            rest = rest[found.Whole..];
        }

        return (frames, null, rest.Length);
    }

    // A message of the user's own parser: it is too long when it is, and when it is bound to be.
    private static ReferenceSplitter Limited(
        int most, Func<byte[], (byte[] Frame, int Whole, ProtocolErrorKind? Kind)?> next) =>
        new(bytes => next(bytes) switch
        {
            null => bytes.Length >= most ? ([], 0, ProtocolErrorKind.FrameTooLong) : null,
            { } found when found.Whole > most => ([], 0, ProtocolErrorKind.FrameTooLong),
            { } found => found,
        });

    private static (byte[] Frame, int Whole, ProtocolErrorKind? Kind)? Payload(
        byte[] bytes, int header, BigInteger length, int most, int? from = null)
    {
        if (length > most)
        {
            return ([], 0, ProtocolErrorKind.FrameTooLong);
        }

        int whole = header + (int)length;
        return bytes.Length < whole ? null : (bytes[(from ?? header)..whole], whole, null);
    }
}
