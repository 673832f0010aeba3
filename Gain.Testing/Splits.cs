namespace Gain.Testing;

/// <summary>
/// Runs a script of bytes in many pieces. A stream has no messages: a peer's bytes may arrive in any pieces,
/// and a protocol has to answer the same whatever they are.
/// </summary>
public static class Splits
{
    // Each cut is this seldom in one of the splits, at the most.
    private const int RarestCut = 64;

    /// <summary>
    /// Runs a body with the script in one piece, then byte by byte, and then in random pieces, and demands
    /// the same output each time.
    /// </summary>
    /// <param name="script">What a peer sends; at least one byte.</param>
    /// <param name="seed">What the random pieces follow from.</param>
    /// <param name="count">How many random splits are tried; at least 1.</param>
    /// <param name="body">
    /// Sends the pieces (<see cref="Split.SendTo"/>) to a new server and returns the output, as in
    /// <c>peer.Received.ToArray()</c>.
    /// </param>
    /// <exception cref="SplitException">
    /// A split gave another output than the whole script, or threw. The message has the fewest cuts that
    /// could be found to do so, and the first byte that is other.
    /// </exception>
    /// <exception cref="ArgumentException">There is nothing to send.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public static void Run(ReadOnlySpan<byte> script, int seed, int count, Func<Split, byte[]> body) =>
        Run(script, seed, count, hasFaults: false, body);

    /// <summary>
    /// Like <see cref="Run(ReadOnlySpan{byte}, int, int, Func{Split, byte[]})"/>, but that the peer of a
    /// third of the random splits reads slowly, and that of another third resets the connection somewhere:
    /// then the output has to be the beginning of the right one.
    /// </summary>
    /// <param name="script">What a peer sends; at least one byte.</param>
    /// <param name="seed">What the random pieces and the faults follow from.</param>
    /// <param name="count">How many random splits are tried; at least 1.</param>
    /// <param name="body">As there; the faults are those of <see cref="Split.SendTo"/>.</param>
    /// <exception cref="SplitException">As there.</exception>
    /// <exception cref="ArgumentException">There is nothing to send.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public static void RunWithFaults(
        ReadOnlySpan<byte> script, int seed, int count, Func<Split, byte[]> body) =>
        Run(script, seed, count, hasFaults: true, body);

    private static void Run(
        ReadOnlySpan<byte> script, int seed, int count, bool hasFaults, Func<Split, byte[]> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (script.IsEmpty)
        {
            throw new ArgumentException("There is nothing to split: give a script of bytes.", nameof(script));
        }

        byte[] bytes = script.ToArray();
        byte[] expected = body(new Split(bytes, [], 0));
        Check(new Split(bytes, [.. Enumerable.Range(1, bytes.Length - 1)], 1), seed, expected, body);
        var random = new Random(seed);
        for (int number = 2; number < count + 2; number++)
        {
            int[] cuts = DrawCuts(random, bytes.Length);
            SplitFault fault = hasFaults ? (SplitFault)random.Next(3) : SplitFault.None;
            Check(new Split(bytes, cuts, number, fault, random.Next()), seed, expected, body);
        }
    }

    // Few cuts in one split and many in another.
    private static int[] DrawCuts(Random random, int length)
    {
        int rarity = random.Next(2, Math.Min(length, RarestCut) + 2);
        return [.. Enumerable.Range(1, length - 1).Where(_ => random.Next(rarity) == 0)];
    }

    private static void Check(Split split, int seed, byte[] expected, Func<Split, byte[]> body)
    {
        if (FindFault(split, expected, body, out _) is null)
        {
            return;
        }

        Split fewest = Reduce(split, expected, body);
        string? fault = FindFault(fewest, expected, body, out Exception? thrown);
        throw new SplitException(
            fault is null
                ? $"The script {split} (seed {seed}, split {split.Number}) gave another output than in one "
                    + "piece, and the right one when it ran again: what else does the body depend on?"
                : $"The script {fewest} (seed {seed}, split {split.Number}) {fault}",
            thrown);
    }

    // Leaves out each cut that the failure can do without.
    private static Split Reduce(Split split, byte[] expected, Func<Split, byte[]> body)
    {
        for (int cut = split.Cuts.Length - 1; cut >= 0; cut--)
        {
            Split fewer = split.Without(cut);
            if (FindFault(fewer, expected, body, out _) is not null)
            {
                split = fewer;
            }
        }

        return split;
    }

    private static string? FindFault(
        Split split, byte[] expected, Func<Split, byte[]> body, out Exception? thrown)
    {
        byte[] output;
        thrown = null;
        try
        {
            output = body(split);
        }
        catch (Exception exception)
        {
            thrown = exception;
            return $"threw, and in one piece it does not: {exception.Message}";
        }

        ReadOnlySpan<byte> right = expected;
        if (split.Resets)
        {
            right = right[..Math.Min(right.Length, output.Length)];
        }

        return right.SequenceEqual(output) ? null : Describe(output, expected);
    }

    private static string Describe(ReadOnlySpan<byte> output, ReadOnlySpan<byte> expected)
    {
        int same = output.CommonPrefixLength(expected);
        return $"gave {output.Length} bytes of output, and in one piece {expected.Length}: byte {same} is "
            + $"{At(output, same)} instead of {At(expected, same)}";
    }

    private static string At(ReadOnlySpan<byte> bytes, int index)
    {
        if (index == bytes.Length)
        {
            return "the end";
        }

        byte one = bytes[index];
        return one is > (byte)' ' and < 0x7F ? $"0x{one:X2} ('{(char)one}')" : $"0x{one:X2}";
    }
}
