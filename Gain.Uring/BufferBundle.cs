namespace Gain.Uring;

/// <summary>
/// The buffers that one completion filled, in order: from <see cref="BufferRing.LendBundle"/>. A
/// <c>foreach</c> over it gives the bytes of each; all but the last are full.
/// </summary>
/// <remarks>
/// The caller owns the bytes until <see cref="BufferRing.GiveBackBundle"/>. They are gone with the buffer
/// ring: reading a span after the buffer ring or the ring was disposed of ends the process.
/// </remarks>
public ref struct BufferBundle
{
    private readonly BufferPool? _pool;
    private int _next;
    private int _left;

    internal BufferBundle(BufferPool pool, int first, int count)
    {
        _pool = pool;
        _next = first;
        _left = count;
        Count = count;
    }

    /// <summary>The number of buffers, at least 1.</summary>
    public int Count { get; }

    /// <summary>The bytes of the loop's current buffer.</summary>
    public Span<byte> Current { get; private set; }

    /// <summary>The loop's own copy, which starts at the first buffer.</summary>
    public readonly BufferBundle GetEnumerator() => this;

    /// <summary>Goes on to the next buffer.</summary>
    /// <returns>False after the last one.</returns>
    /// <exception cref="InvalidOperationException">The bundle was given back.</exception>
    /// <exception cref="ObjectDisposedException">The buffer ring was disposed of.</exception>
    public bool MoveNext()
    {
        if (_left == 0 || _pool is null)
        {
            return false;
        }

        _left--;
        Current = _pool.Part(_next, out _next);
        return true;
    }
}
