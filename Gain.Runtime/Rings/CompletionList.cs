using System.Runtime.CompilerServices;
using Gain.Uring;

namespace Gain.Rings;

/// <summary>
/// Completions that an emulated ring has made and the worker has not taken, in their order. A worker takes
/// all there are at the begin of a batch; those made meanwhile move to the front at its end, so that only
/// the first of the reserved addresses are ever touched.
/// </summary>
internal sealed unsafe class CompletionList : IDisposable
{
    /// <summary>
    /// What one descriptor can have in the list at a time, beside the receives that each hold a buffer: the
    /// end of a receive or accept, of a send, and of the wait for the socket's end, those of all their
    /// cancellations, and the accept of which it came.
    /// </summary>
    public const int MaxPerDescriptor = 7;

    private readonly long _capacity;

    // SAFETY: the mapping is this object's until Dispose, on the worker's thread.
    private CompletionEntry* _entries;
    private int _count;
    private int _ready;
    private int _taken;

    private CompletionList(CompletionEntry* entries, long capacity)
    {
        _entries = entries;
        _capacity = capacity;
    }

    /// <summary>The completions that no batch has taken.</summary>
    public int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _count;
    }

    /// <summary>Reserves addresses; null when the system refuses that many.</summary>
    // SAFETY: the list owns the pages from here on.
    public static CompletionList? TryCreate(long capacity)
    {
        void* pages = NativePages.TryReserve(BytesOf(capacity));
        return pages is null ? null : new CompletionList((CompletionEntry*)pages, capacity);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong userData, int result, uint flags)
    {
        if (_count == _capacity)
        {
            ThrowFull();
        }

        _entries[_count++] = new CompletionEntry(userData, result, flags);
    }

    public void BeginBatch() => _ready = _count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(out CompletionEntry completion)
    {
        if (_taken == _ready)
        {
            completion = default;
            return false;
        }

        completion = _entries[_taken++];
        return true;
    }

    public void EndBatch()
    {
        int left = _count - _taken;
        if (left != 0 && _taken != 0)
        {
            new Span<CompletionEntry>(_entries + _taken, left).CopyTo(new(_entries, left));
        }

        _count = left;
        _ready = 0;
        _taken = 0;
    }

    public void Dispose()
    {
        NativePages.Unmap(_entries, BytesOf(_capacity));
        _entries = null;
    }

    private static nuint BytesOf(long capacity) => (nuint)capacity * (nuint)sizeof(CompletionEntry);

    private void ThrowFull() => throw new InvalidOperationException(
        $"{_count} completions were made and not taken: more operations were in flight than can be.");
}
