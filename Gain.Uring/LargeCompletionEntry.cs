namespace Gain.Uring;

/// <summary>A completion of 32 bytes: one of 16, and 16 more whose meaning is the operation's.</summary>
/// <param name="Entry">The completion proper.</param>
/// <param name="IsLarge">Whether there are more than 16 bytes: in a mixed ring, not all have.</param>
/// <param name="First">The first 8 of the others; 0 when there are none.</param>
/// <param name="Second">The last 8; 0 when there are none.</param>
public readonly record struct LargeCompletionEntry(
    CompletionEntry Entry, bool IsLarge, ulong First, ulong Second)
{
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
