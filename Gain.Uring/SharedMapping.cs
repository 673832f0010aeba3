namespace Gain.Uring;

/// <summary>Memory that the registered buffers of several rings lead to; the last one unmaps it.</summary>
internal sealed unsafe class SharedMapping
{
    // SAFETY: a mapping of this object's own.
    private void* _memory;
    private readonly nuint _bytes;

    // Rings are of several threads, and each lets go on its own.
    private int _holders = 1;

    internal SharedMapping(void* memory, nuint bytes)
    {
        _memory = memory;
        _bytes = bytes;
    }

    // By a caller that keeps one of the holders from letting go in the meantime.
    internal void Hold() => Interlocked.Increment(ref _holders);

    internal void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            Ring.Unmap(_memory, _bytes);
            _memory = null;
        }
    }
}
