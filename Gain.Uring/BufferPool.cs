using System.Diagnostics.CodeAnalysis;

namespace Gain.Uring;

/// <summary>
/// The memory of a buffer ring's own buffers: the owner of each, and how far the kernel has filled it.
/// </summary>
internal sealed unsafe partial class BufferPool
{
    private const int None = -1;
    private const int OfBundle = -1;

    // SAFETY: this object's mapping. Operations in flight may write to it: the ring's owner ends them first.
    private byte* _memory;
    private readonly nuint _bytes;

    // Of each. No id gets past its bounds, and a buffer goes back once, when nothing of it is lent anymore:
    // the kernel never gets memory that is not the pool's, nor the same twice, nor what someone looks at.
    private readonly Use[] _uses;

    // For each, the one that was added after it: a bundle takes them in this order. It is right for as long
    // as a buffer is not added again, which it is not while it is lent or a completion names it.
    private readonly int[] _next;
    private int _last = None;

    internal BufferPool(void* memory, int count, int bufferBytes)
    {
        _memory = (byte*)memory;
        _bytes = (nuint)count * (nuint)bufferBytes;
        _uses = new Use[count];
        _next = new int[count];
        BufferBytes = (uint)bufferBytes;
    }

    internal uint BufferBytes { get; }

    // SAFETY: `id` is below the count.
    internal void* Start(int id) => _memory + ((nuint)id * BufferBytes);

    // A buffer that is used up in several steps is filled from its start on. The result can be more than
    // there was room for: MSG_TRUNC tells the length of what was cut.
    internal Span<byte> Lend(int id, int result, bool goesOn)
    {
        ref Use use = ref Find(id);
        if (use.IsUsedUp)
        {
            throw new InvalidOperationException(
                $"Buffer {id} is lent already: lend once for each completion, and give the buffer back "
                + "before the kernel can use it again.");
        }

        int start = use.Filled;
        int length = Math.Clamp(result, 0, (int)BufferBytes - start);
        use.Filled += length;
        use.LentBytes += length;
        use.Lent++;
        use.IsUsedUp = !goesOn;
        return new Span<byte>((byte*)Start(id) + start, length);
    }

    // True when nothing is lent of it anymore, and the kernel adds nothing: then it is the kernel's again.
    internal bool TakeBack(int id, int result, bool goesOn)
    {
        ref Use use = ref Find(id);
        int length = Math.Clamp(result, 0, use.LentBytes);
        bool isOfAnother = use.Lent == 1 && length != use.LentBytes;
        if (use.BundleCount != 0)
        {
            throw new InvalidOperationException(
                $"Buffer {id} is lent as part of a bundle: give the bundle back, with GiveBackBundle.");
        }

        if (use.Lent == 0 || isOfAnother || (!goesOn && !use.IsUsedUp))
        {
            throw new InvalidOperationException(
                $"Buffer {id} is not lent for this completion: it was given back already, or was not lent. "
                + "Lend each completion's part, in the order that they came, before giving it back.");
        }

        use.Lent--;
        use.LentBytes -= length;
        if (use.Lent > 0 || !use.IsUsedUp)
        {
            return false;
        }

        use = default;
        return true;
    }

    internal void Release()
    {
        Ring.Unmap(_memory, _bytes);
        _memory = null;
    }

    private ref Use Find(int id)
    {
        ObjectDisposedException.ThrowIf(_memory == null, typeof(BufferRing));
        Use[] uses = _uses;
        if ((uint)id >= (uint)uses.Length)
        {
            ThrowUnknown(id);
        }

        return ref uses[id];
    }

    [DoesNotReturn]
    private void ThrowUnknown(int id) => throw new ArgumentException(
        $"The completion names buffer {id}, and this ring's are 0 to {_uses.Length - 1}: it is of another "
        + "group, whose buffer ring lends it.");

    private struct Use
    {
        // The bytes that the completions so far have told of.
        internal int Filled;

        // Of how many completions the part is lent, and the bytes of all these.
        internal int Lent;
        internal int LentBytes;

        // Of the first of a bundle: the number of its buffers; OfBundle of the others.
        internal int BundleCount;

        // The kernel fills it no more.
        internal bool IsUsedUp;
    }
}
