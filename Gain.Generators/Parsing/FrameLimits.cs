namespace Gain.Generators.Parsing;

/// <summary>
/// The limits that the attributes document: with them the emitted arithmetic cannot overflow, except where a
/// field of 8 bytes is adjusted, and there it is checked.
/// </summary>
internal static class FrameLimits
{
    /// <summary>The most that a connection can carry from one receive to the next: 2³⁰ bytes.</summary>
    public const int Carried = 1_073_741_824;

    /// <summary>With a byte more of it, what is too long is known to be.</summary>
    public const int Delimited = Carried - 1;

    /// <summary>As for <see cref="Delimited"/>: the user's parser may find no end.</summary>
    public const int Custom = Carried - 1;

    /// <summary>The most that is added to what a header announces, or taken off it.</summary>
    public const int Adjustment = Carried - 1;

    /// <summary>The prefix of a payload of this length has 5 bytes.</summary>
    public const int VarintPrefixed = Carried - 5;

    /// <summary>A message of a fixed size has nothing around it.</summary>
    public const int FixedSize = Carried;

    /// <summary>The most bytes of a delimiter.</summary>
    public const int Delimiter = 32;

    /// <summary>The most bytes in front of a length.</summary>
    public const int Offset = 64;

    /// <summary>The longest payload behind a header.</summary>
    public static int LengthPrefixed(int headerBytes) => Carried - headerBytes;

    /// <summary>Whether a frame may be as long as an attribute says: an error of the user's code is no
    /// number.</summary>
    public static bool Allows(object? length, int most) => length is int bytes && bytes >= 1 && bytes <= most;
}
