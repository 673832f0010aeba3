using System.Runtime.CompilerServices;

namespace Gain.Uring;

public sealed unsafe partial class Ring
{
    /// <summary>
    /// The completions that are there, for <c>foreach</c>; on every ring, whatever their size. The end of the
    /// loop gives their places back at once: io_uring_for_each_cqe(3) and io_uring_cq_advance(3).
    /// </summary>
    /// <returns>The batch. It enters no kernel.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public CompletionBatch TakeCompletions()
    {
        AssertOwner();

        // Acquire: as of CompletionsReady.
        return new CompletionBatch(this, _cqHead, Volatile.Read(ref *_kernelCqTail));
    }

    /// <summary>
    /// As <see cref="TakeCompletions"/>, with the 16 bytes that large completions have besides.
    /// </summary>
    /// <returns>The batch.</returns>
    public LargeCompletionBatch TakeLargeCompletions() => new(TakeCompletions());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void DescribeCompletions(
        out CompletionEntry* entries, out uint mask, out int shift, out bool isMixed)
    {
        entries = _anyCqes;
        mask = _anyCqMask;
        shift = _cqeShift;
        isMixed = (Flags & RingSetupFlags.MixedCompletions) != 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void PassCompletions(uint head)
    {
        _cqHead = head;

        // Release: as of AdvanceCompletions.
        Volatile.Write(ref *_kernelCqHead, head);
    }
}
