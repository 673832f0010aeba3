namespace Gain.Uring;

/// <summary>The memory of a buffer ring's own buffers, and how far each is filled.</summary>
internal sealed unsafe class BufferPool
{
    // SAFETY: this object's mapping. Operations in flight may write to it: the ring's owner ends them first.
    private byte* _memory;
    private readonly nuint _bytes;
    private readonly int[] _filled;

    internal BufferPool(void* memory, int count, int bufferBytes)
    {
        _memory = (byte*)memory;
        _bytes = (nuint)count * (nuint)bufferBytes;
        _filled = new int[count];
        BufferBytes = (uint)bufferBytes;
    }

    internal uint BufferBytes { get; }

    internal void* Start(int id) => _memory + ((nuint)id * BufferBytes);

    // A buffer that is used up in several steps is filled from its start on.
    internal Span<byte> Lend(int id, int result, bool goesOn)
    {
        ObjectDisposedException.ThrowIf(_memory == null, typeof(BufferRing));
        int start = _filled[id];
        int length = Math.Max(result, 0);
        _filled[id] = goesOn ? start + length : 0;
        return new Span<byte>(Start(id), (int)BufferBytes).Slice(start, length);
    }

    internal void Release()
    {
        Ring.Unmap(_memory, _bytes);
        _memory = null;
    }
}
