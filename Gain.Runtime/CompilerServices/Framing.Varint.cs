using System.Runtime.CompilerServices;

namespace Gain.CompilerServices;

public static partial class Framing
{
    private const int MaxVarintLength = 5;

    /// <summary>Reads a length in base 128 from the beginning of <paramref name="source"/>.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="length">The length; 0 where there is none.</param>
    /// <returns>
    /// The number of bytes that it takes, 0 when they are not all there, or -1 when it is above 2³¹ - 1 or
    /// has more bytes than it needs.
    /// </returns>
    [AllocationFree]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ReadVarint(ReadOnlySpan<byte> source, out int length)
    {
        // Most frames are shorter than 128 bytes.
        if (!source.IsEmpty && source[0] < 0x80)
        {
            length = source[0];
            return 1;
        }

        return ReadLongVarint(source, out length);
    }

    private static int ReadLongVarint(ReadOnlySpan<byte> source, out int length)
    {
        length = 0;
        int value = 0;
        int most = Math.Min(source.Length, MaxVarintLength);
        for (int i = 0; i < most; i++)
        {
            byte group = source[i];

            // The last of 5 bytes holds the three bits that are left of 31, and no continuation.
            if (i == MaxVarintLength - 1 && group > 0x07)
            {
                return -1;
            }

            value |= (group & 0x7F) << (7 * i);
            if (group < 0x80)
            {
                // A last group of zero adds nothing: two encodings of one length would be two readings of
                // one stream, by us and by whatever filters in front of us.
                length = group == 0 ? 0 : value;
                return group == 0 ? -1 : i + 1;
            }
        }

        return 0;
    }
}
