using Gain.Kernel;
using static Gain.Kernel.IORING_REGISTER;

namespace Gain.Uring;

/// <summary>
/// The registered buffers of a ring. The kernel keeps their pages in place, so that <c>PrepReadFixed</c> and
/// similar operations need not look them up. On the ring's thread only.
/// </summary>
/// <remarks>
/// The memory counts against RLIMIT_MEMLOCK. After <see cref="Ring.RegisterBuffers(int, int)"/> this object
/// owns it and gives it as spans; the kernel uses only the parts that an operation in flight names. After the
/// other calls the caller owns the memory, and has to keep it until the buffer is replaced or unregistered.
/// The kernel holds the pages themselves as long as it uses them.
/// </remarks>
public sealed unsafe class FixedBuffers : IDisposable
{
    private readonly Ring _ring;
    private IoVector[] _vectors;

    // SAFETY: what the vectors lead to and the caller does not keep, each held once. The kernel pins the
    // pages of registered buffers, so that an operation in flight after Dispose writes to pages that nothing
    // else gets.
    private readonly List<SharedMapping> _mappings = [];
    private bool _isDisposed;

    internal FixedBuffers(Ring ring, IoVector[] vectors)
    {
        _ring = ring;
        _vectors = vectors;
    }

    /// <summary>The number of places.</summary>
    public int Count => _vectors.Length;

    internal ReadOnlySpan<IoVector> Vectors => _vectors;

    /// <summary>The memory of a buffer; empty when the place is empty.</summary>
    /// <param name="index">The place, below <see cref="Count"/>.</param>
    /// <returns>
    /// The memory. It is unmapped when this object or the ring is disposed of; shared memory, when its last
    /// owner is. Reading an older span after that ends the process, as with any freed memory. Keep the index,
    /// and ask again.
    /// </returns>
    /// <exception cref="ObjectDisposedException">The buffers were unregistered.</exception>
    public Span<byte> Span(int index)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new Span<byte>(_vectors[index].Base, checked((int)_vectors[index].Length));
    }

    /// <summary>
    /// Replaces buffers. Operations in flight keep the old ones; with a tag that is not 0, a completion with
    /// the tag as its user data says when an old one is no longer in use. Linux 5.13,
    /// io_uring_register_buffers_update_tag(3).
    /// </summary>
    /// <param name="offset">The first place.</param>
    /// <param name="vectors">The new buffers, which the caller owns; a null buffer of length 0 empties its
    /// place.</param>
    /// <param name="tags">A tag for each; or empty.</param>
    /// <returns>How many places were changed: fewer than asked for when one was refused.</returns>
    /// <exception cref="ArgumentException">The number of tags differs from the number of buffers, or there
    /// are too few places.</exception>
    /// <exception cref="RingException">EFAULT (no such memory), ENOMEM (the memlock limit).</exception>
    /// <exception cref="ObjectDisposedException">The buffers were unregistered.</exception>
    public int Update(int offset, ReadOnlySpan<IoVector> vectors, ReadOnlySpan<ulong> tags = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Ring.CheckTags(vectors.Length, tags);
        Span<IoVector> places = _vectors.AsSpan(offset, vectors.Length);
        fixed (IoVector* list = vectors)
        fixed (ulong* tagList = tags)
        {
            // SAFETY: the kernel reads the lists during the call only.
            io_uring_rsrc_update2 update = default;
            update.offset = (uint)offset;
            update.data = (ulong)list;
            update.tags = (ulong)tagList;
            update.nr = (uint)vectors.Length;
            int changed = _ring.RegisterOrThrow(
                IORING_REGISTER_BUFFERS_UPDATE, &update, (uint)sizeof(io_uring_rsrc_update2),
                "changed buffers");
            vectors[..changed].CopyTo(places);
            return changed;
        }
    }

    /// <summary>
    /// Unregisters the buffers (io_uring_unregister_buffers(3)); operations in flight go on. When the ring's
    /// restrictions forbid it, the kernel keeps the buffers until the ring is disposed of. A second call does
    /// nothing.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// Called on another thread. The buffers are unchanged.
    /// </exception>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        if (_ring.Unregister(this))
        {
            Forget();
        }

        _isDisposed = true;
    }

    // What the kernel has now.
    internal FixedBuffers Replace(IoVector[] vectors)
    {
        _vectors = vectors;
        return this;
    }

    // Takes over a mapping that the vectors lead to.
    internal FixedBuffers Own(void* memory, nuint bytes)
    {
        _mappings.Add(new SharedMapping(memory, bytes));
        return this;
    }

    // Keeps what the other one's vectors lead to for as long as this one lives.
    internal FixedBuffers Share(FixedBuffers? other)
    {
        if (other is not null && other != this)
        {
            foreach (SharedMapping mapping in other._mappings)
            {
                mapping.Hold();
                _mappings.Add(mapping);
            }
        }

        return this;
    }

    // After the kernel let go of them, or the ring was closed.
    internal void Forget()
    {
        _isDisposed = true;
        _mappings.ForEach(static mapping => mapping.Release());
        _mappings.Clear();
    }

    // The start of a part of a buffer, checked.
    internal void* Locate(int index, int start, int length)
    {
        Span<byte> part = Span(index).Slice(start, length);
        return System.Runtime.CompilerServices.Unsafe.AsPointer(
            ref System.Runtime.InteropServices.MemoryMarshal.GetReference(part));
    }
}
