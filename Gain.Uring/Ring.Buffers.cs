using Gain.Kernel;
using static Gain.Kernel.IORING_REGISTER;

namespace Gain.Uring;

public sealed unsafe partial class Ring
{
    private FixedBuffers? _fixedBuffers;

    /// <summary>
    /// Registers memory: the kernel keeps its pages in place. Linux 5.1, with tags 5.13;
    /// io_uring_register_buffers(3), io_uring_register_buffers_tags(3).
    /// </summary>
    /// <param name="vectors">
    /// The buffers, each at most 1 GiB. The caller has to keep their memory until they are replaced or
    /// unregistered. A null buffer of length 0 leaves its place empty (Linux 5.13).
    /// </param>
    /// <param name="tags">
    /// For each, the user data of the completion that says it is no longer in use; or empty.
    /// </param>
    /// <returns>The buffers. They are disposed of with this ring, if not before.</returns>
    /// <exception cref="ArgumentException">The number of tags differs from the number of buffers.</exception>
    /// <exception cref="RingException">
    /// EBUSY (the ring has some), ENOMEM (the memlock limit), EFAULT (no such memory), EINVAL.
    /// </exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public FixedBuffers RegisterBuffers(ReadOnlySpan<IoVector> vectors, ReadOnlySpan<ulong> tags)
    {
        CheckTags(vectors.Length, tags);
        fixed (IoVector* list = vectors)
        fixed (ulong* tagList = tags)
        {
            // SAFETY: the kernel reads the lists during the call only.
            if (tags.IsEmpty)
            {
                _ = RegisterOrThrow(IORING_REGISTER_BUFFERS, list, (uint)vectors.Length, "buffers");
            }
            else
            {
                RegisterResources(
                    IORING_REGISTER_BUFFERS2, list, tagList, (uint)vectors.Length, 0, "buffers");
            }
        }

        return _fixedBuffers = new FixedBuffers(this, vectors.ToArray());
    }

    /// <summary>Like the other overload, without tags.</summary>
    public FixedBuffers RegisterBuffers(ReadOnlySpan<IoVector> vectors) => RegisterBuffers(vectors, default);

    /// <summary>
    /// Makes equal buffers and registers them. They are zero, page-aligned, and in one piece.
    /// </summary>
    /// <param name="count">Their number, at least 1.</param>
    /// <param name="bytesEach">The size of each in bytes, at least 1.</param>
    /// <returns>The buffers, which own their memory.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1.</exception>
    /// <exception cref="RingException">As for the other overloads; also ENOMEM from mmap(2).</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public FixedBuffers RegisterBuffers(int count, int bytesEach)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesEach, 1);
        CheckOwner();
        nuint bytes = (nuint)count * (nuint)bytesEach;
        byte* memory = (byte*)MapAnonymous(bytes, "buffers");
        var vectors = new IoVector[count];
        for (int i = 0; i < count; i++)
        {
            vectors[i] = new IoVector(memory + ((nuint)i * (nuint)bytesEach), (nuint)bytesEach);
        }

        fixed (IoVector* list = vectors)
        {
            int result = Register(IORING_REGISTER_BUFFERS, list, (uint)count);
            if (result < 0)
            {
                Unmap(memory, bytes);
                throw new RingException(
                    "io_uring_register of buffers", -result,
                    RegistrationAdvice.For(IORING_REGISTER_BUFFERS, -result));
            }
        }

        return _fixedBuffers = new FixedBuffers(this, vectors).Own(memory, bytes);
    }

    /// <summary>
    /// Registers places for buffers that are empty. Linux 5.19, io_uring_register_buffers_sparse(3).
    /// </summary>
    /// <param name="count">The number of places, at least 1.</param>
    /// <returns>The places, for <see cref="FixedBuffers.Update"/>.</returns>
    /// <exception cref="RingException">As for the other registrations of buffers.</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public FixedBuffers RegisterBuffersSparse(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        RegisterResources(
            IORING_REGISTER_BUFFERS2, null, null, (uint)count, IORING_RSRC.IORING_RSRC_REGISTER_SPARSE,
            "buffers");
        return _fixedBuffers = new FixedBuffers(this, new IoVector[count]);
    }

    /// <summary>
    /// Shares all registered buffers of another ring, with the pages that the kernel holds already. Call it
    /// on that ring's thread, or while that ring is not used. Linux 6.12, io_uring_clone_buffers(3).
    /// </summary>
    /// <param name="source">The other ring.</param>
    /// <returns>
    /// The buffers. Memory that the other ring's buffers own stays until both are disposed of. Memory that
    /// the caller owns has to be kept for both.
    /// </returns>
    /// <exception cref="RingException">ENXIO (the other has none), EBUSY (this one has some).</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public FixedBuffers CloneBuffers(Ring source)
    {
        ArgumentNullException.ThrowIfNull(source);
        IoVector[] vectors = source._fixedBuffers is { } buffers ? buffers.Vectors.ToArray() : [];
        Clone(source, 0, 0, 0, 0);
        return _fixedBuffers = new FixedBuffers(this, vectors).Share(source._fixedBuffers);
    }

    /// <summary>
    /// Shares some of another ring's registered buffers. Linux 6.13, io_uring_clone_buffers_offset(3).
    /// </summary>
    /// <param name="source">The other ring, which may be this one.</param>
    /// <param name="offset">The first place here.</param>
    /// <param name="sourceOffset">The first place there.</param>
    /// <param name="count">The number of places, at least 1.</param>
    /// <param name="replace">Whether buffers that are here already may be replaced.</param>
    /// <returns>
    /// The buffers of this ring; the same object as before, if the ring had registered buffers.
    /// </returns>
    /// <exception cref="RingException">ENXIO, EBUSY, EOVERFLOW (out of the table).</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public FixedBuffers CloneBuffers(Ring source, int offset, int sourceOffset, int count, bool replace)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(sourceOffset);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        uint flags = replace ? IORING_CLONE_BUFFERS.IORING_REGISTER_DST_REPLACE : 0;
        Clone(source, (uint)offset, (uint)sourceOffset, (uint)count, flags);
        ReadOnlySpan<IoVector> old = _fixedBuffers is { } mine ? mine.Vectors : [];
        ReadOnlySpan<IoVector> there = source._fixedBuffers is { } theirs ? theirs.Vectors : [];
        var vectors = new IoVector[Math.Max(old.Length, offset + count)];
        old.CopyTo(vectors);
        there.Slice(sourceOffset, count).CopyTo(vectors.AsSpan(offset));
        _fixedBuffers = _fixedBuffers?.Replace(vectors) ?? new FixedBuffers(this, vectors);
        return _fixedBuffers.Share(source._fixedBuffers);
    }

    // As for the files; false when the kernel keeps them.
    internal bool Unregister(FixedBuffers buffers)
    {
        CheckOwner();
        if (_fixedBuffers == buffers)
        {
            if (!TryUnregister(IORING_UNREGISTER_BUFFERS, "no buffers"))
            {
                return false;
            }

            _fixedBuffers = null;
        }

        return true;
    }

    private void Clone(Ring source, uint offset, uint sourceOffset, uint count, uint flags)
    {
        io_uring_clone_buffers clone = default;
        bool byIndex = source._fd < 0;
        clone.src_fd = (uint)(byIndex ? source._enterFd : source._fd);
        clone.flags = flags | (byIndex ? IORING_CLONE_BUFFERS.IORING_REGISTER_SRC_REGISTERED : 0);
        clone.src_off = sourceOffset;
        clone.dst_off = offset;
        clone.nr = count;
        _ = RegisterOrThrow(IORING_REGISTER_CLONE_BUFFERS, &clone, 1, "another ring's buffers");
    }

    private static void* MapAnonymous(nuint bytes, string what)
    {
        int result = RingLibc.MMap(
            bytes, RingLibc.PROT_READ | RingLibc.PROT_WRITE,
            RingLibc.MAP_PRIVATE | RingLibc.MAP_ANONYMOUS, -1, 0,
            out void* memory);
        return result == 0 ? memory : throw new RingException(
            $"mmap of {what}", -result, "Memory or address space is short (`ulimit -v`).");
    }
}
