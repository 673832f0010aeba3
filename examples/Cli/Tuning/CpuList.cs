using System.Globalization;
using System.Numerics;

namespace Gain.Cli.Tuning;

/// <summary>
/// CPUs in the two forms of the kernel's files: lists (<c>0-3,8</c>) and masks (<c>0000010f</c>).
/// </summary>
internal static class CpuList
{
    private const int BitsPerGroup = 32;

    // More than any kernel is built for, so that a slip of the pen is no endless list.
    private const int MaxCpus = 1 << 16;

    /// <summary>Reads a list; null if it is none.</summary>
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

    /// <summary>Whether two masks, or lists, name the same CPUs.</summary>
    public static bool AreSameMasks(string? left, string? right) =>
        left is not null && right is not null && Number(left) == Number(right);

    private static bool TryRead(string text, out int cpu) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out cpu) && cpu < MaxCpus;

    // With a zero in front, as the first digit would be taken for a sign.
    private static BigInteger? Number(string mask) =>
        BigInteger.TryParse(
            "0" + mask.Replace(",", "", StringComparison.Ordinal),
            NumberStyles.HexNumber,
            CultureInfo.InvariantCulture,
            out BigInteger number)
            ? number
            : null;
}
