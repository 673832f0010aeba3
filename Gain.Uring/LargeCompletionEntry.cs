namespace Gain.Uring;

/// <summary>A completion of 32 bytes: one of 16, and 16 more whose meaning is the operation's.</summary>
public readonly record struct LargeCompletionEntry
{
    /// <summary>Makes one of its parts.</summary>
    /// <param name="entry">The completion proper.</param>
    /// <param name="isLarge">Whether there are more than 16 bytes: in a mixed ring, not all have.</param>
    /// <param name="first">The first 8 of the others; 0 when there are none.</param>
    /// <param name="second">The last 8; 0 when there are none.</param>
    public LargeCompletionEntry(CompletionEntry entry, bool isLarge, ulong first, ulong second)
    {
        Entry = entry;
        IsLarge = isLarge;
        First = first;
        Second = second;
    }

    /// <summary>The completion proper.</summary>
    public CompletionEntry Entry { get; init; }

    /// <summary>Whether there are more than 16 bytes: in a mixed ring, not all have.</summary>
    public bool IsLarge { get; init; }

    /// <summary>The first 8 of the others; 0 when there are none.</summary>
    public ulong First { get; init; }

    /// <summary>The last 8; 0 when there are none.</summary>
    public ulong Second { get; init; }

    // SAFETY: the entry is in the ring, with 16 bytes behind it where it is large.
    internal static unsafe LargeCompletionEntry Read(CompletionEntry* entry, bool allAreLarge)
    {
        bool isLarge = allAreLarge || entry->IsLarge;
        ulong* rest = (ulong*)(entry + 1);
        return isLarge
            ? new LargeCompletionEntry(*entry, true, rest[0], rest[1])
            : new LargeCompletionEntry(*entry, false, 0, 0);
    }
}
