using System.Diagnostics.CodeAnalysis;

namespace Gain.Uring;

/// <summary>
/// The memory of a buffer ring's own buffers, whose each is, and how far the kernel's are filled.
/// </summary>
internal sealed unsafe class BufferPool
{
    private const int Lent = -1;

    // SAFETY: this object's mapping. Operations in flight may write to it: the ring's owner ends them first.
    private byte* _memory;
    private readonly nuint _bytes;

    // Of each: the bytes that completions have told of, or that it is lent. No id gets past its bounds, and
    // a lent buffer goes back once: the kernel never gets memory that is not the pool's, nor the same twice.
    private readonly int[] _filled;

    internal BufferPool(void* memory, int count, int bufferBytes)
    {
        _memory = (byte*)memory;
        _bytes = (nuint)count * (nuint)bufferBytes;
        _filled = new int[count];
        BufferBytes = (uint)bufferBytes;
    }

    internal uint BufferBytes { get; }

    // SAFETY: `id` is below the count.
    internal void* Start(int id) => _memory + ((nuint)id * BufferBytes);

    // A buffer that is used up in several steps is filled from its start on. The result can be more than
    // there was room for: MSG_TRUNC tells the length of what was cut.
    internal Span<byte> Lend(int id, int result, bool goesOn)
    {
        int start = Find(id);
        if (start == Lent)
        {
            throw new InvalidOperationException(
                $"Buffer {id} is lent already: lend once for each completion, and give the buffer back "
                + "before the kernel can use it again.");
        }

        int length = Math.Clamp(result, 0, (int)BufferBytes - start);
        _filled[id] = goesOn ? start + length : Lent;
        return new Span<byte>((byte*)Start(id) + start, length);
    }

    internal void* TakeBack(int id)
    {
        if (Find(id) != Lent)
        {
            throw new InvalidOperationException(
                $"Buffer {id} is not lent: it was given back already, or its completion was not lent.");
        }

        _filled[id] = 0;
        return Start(id);
    }

    internal void Release()
    {
        Ring.Unmap(_memory, _bytes);
        _memory = null;
    }

    private int Find(int id)
    {
        ObjectDisposedException.ThrowIf(_memory == null, typeof(BufferRing));
        int[] filled = _filled;
        if ((uint)id >= (uint)filled.Length)
        {
            ThrowUnknown(id);
        }

        return filled[id];
    }

    [DoesNotReturn]
    private void ThrowUnknown(int id) => throw new ArgumentException(
        $"The completion names buffer {id}, and this ring's are 0 to {_filled.Length - 1}: it is of another "
        + "group, whose buffer ring lends it.");
}
