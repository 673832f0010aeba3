using System.Globalization;

namespace Gain.Cli.Tuning;

/// <summary>
/// CPUs in the two forms of the kernel's files: lists (<c>0-3,8</c>) and masks (<c>0000010f</c>).
/// </summary>
internal static class CpuList
{
    private const int BitsPerGroup = 32;

    // More than any kernel is built for, so that a slip of the pen is no endless list.
    private const int MaxCpus = 1 << 16;

    /// <summary>Reads a list; null if the text is not a list.</summary>
    public static int[]? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var cpus = new SortedSet<int>();
        foreach (string range in text.Split(','))
        {
            string[] ends = range.Split('-');
            if (ends.Length > 2
                || !TryRead(ends[0], out int first)
                || !TryRead(ends[^1], out int last)
                || last < first)
            {
                return null;
            }

            cpus.UnionWith(Enumerable.Range(first, last - first + 1));
        }

        return [.. cpus];
    }

    /// <summary>Writes a mask of one CPU, in groups of eight digits.</summary>
    public static string MaskOf(int cpu)
    {
        var groups = new string[(cpu / BitsPerGroup) + 1];
        Array.Fill(groups, "00000000");
        groups[0] = (1u << (cpu % BitsPerGroup)).ToString("x8", CultureInfo.InvariantCulture);
        return string.Join(',', groups);
    }

    /// <summary>Whether two masks name the same CPUs.</summary>
    public static bool AreSameMasks(string? left, string? right) =>
        Digits(left) is { } digits && digits == Digits(right);

    private static bool TryRead(string text, out int cpu) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out cpu)
        && cpu < MaxCpus
        && text.All(char.IsAsciiDigit);

    // Groups of eight digits, of which the first may be shorter, and leading zeros that say nothing.
    private static string? Digits(string? mask)
    {
        string? digits = mask?.Replace(",", "", StringComparison.Ordinal).TrimStart('0').ToLowerInvariant();
        return digits is not null && digits.All(char.IsAsciiHexDigit) ? digits : null;
    }
}
