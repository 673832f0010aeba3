namespace Gain.Writing;

/// <summary>Looks for the byte sequence that ends a frame.</summary>
internal static class Delimiters
{
    /// <summary>The bytes of a delimiter at most, as the generator also checks.</summary>
    public const int MaxLength = 32;

    /// <summary>
    /// Finds the first delimiter that ends in <paramref name="data"/>, where <paramref name="carried"/>
    /// precedes it and holds no whole delimiter.
    /// </summary>
    /// <returns>The number of bytes of <paramref name="data"/> up to the delimiter's end, or -1.</returns>
    public static int EndAcross(
        ReadOnlySpan<byte> carried, ReadOnlySpan<byte> data, ReadOnlySpan<byte> delimiter)
    {
        // A delimiter that begins in the carry: its last (taken) bytes are the delimiter's first ones.
        int most = Math.Min(delimiter.Length - 1, carried.Length);
        for (int taken = most; taken > 0; taken--)
        {
            int rest = delimiter.Length - taken;
            if (rest <= data.Length
                && carried[^taken..].SequenceEqual(delimiter[..taken])
                && data[..rest].SequenceEqual(delimiter[taken..]))
            {
                return rest;
            }
        }

        int at = data.IndexOf(delimiter);
        return at < 0 ? -1 : at + delimiter.Length;
    }
}
