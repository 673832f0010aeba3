using System.Runtime.CompilerServices;

namespace Gain.Uring;

public sealed unsafe partial class Ring
{
    // While a loop looks at the completions in the mapping, nothing passes or unmaps them.
    private bool _isBatchOpen;

    /// <summary>
    /// The completions that are there, for <c>foreach</c>, on a ring with completions of any size. The end of
    /// the loop gives their places back together: io_uring_for_each_cqe(3) and io_uring_cq_advance(3).
    /// </summary>
    /// <returns>The batch. It does not enter the kernel.</returns>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public CompletionBatch TakeCompletions()
    {
        CheckOwner();
        return new CompletionBatch(this);
    }

    /// <summary>
    /// Like <see cref="TakeCompletions"/>, but with the further 16 bytes of large completions.
    /// </summary>
    /// <returns>The batch.</returns>
    public LargeCompletionBatch TakeLargeCompletions() => new(TakeCompletions());

    internal bool IsMixed
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _isMixed;
    }

    internal bool HasLargeCompletions => _cqeShift != 0;

    // SAFETY: within the mapping of the completions, whose number the mask is of.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal CompletionEntry* EntryAt(uint place) => _anyCqes + ((place & _anyCqMask) << _cqeShift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void OpenBatch(out uint head, out uint end)
    {
        if (_isBatchOpen || _kernelCqTail == null)
        {
            ThrowNoBatch();
        }

        _isBatchOpen = true;
        head = _cqHead;

        // Acquire: as of CompletionsReady.
        end = Volatile.Read(ref *_kernelCqTail);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void CloseBatch(uint head)
    {
        _isBatchOpen = false;
        PassCompletions(head);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PassCompletions(uint head)
    {
        _cqHead = head;

        // Release: as of AdvanceCompletions.
        Volatile.Write(ref *_kernelCqHead, head);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CheckNoBatch()
    {
        if (_isBatchOpen)
        {
            ThrowBatchOpen();
        }
    }

    private static void ThrowBatchOpen() => throw new InvalidOperationException(
        "A loop over the ring's completions is not over: leave it first (`break`), or dispose of its "
        + "enumerator.");

    private void ThrowNoBatch()
    {
        ThrowIfDisposed();
        ThrowBatchOpen();
    }
}
