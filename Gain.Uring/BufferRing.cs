using System.Diagnostics;
using System.Runtime.CompilerServices;
using Gain.Kernel;

namespace Gain.Uring;

/// <summary>
/// A ring of buffers. The kernel takes one when there is data, so idle sockets hold none. Made by <see
/// cref="Ring.RegisterBufferRing(ushort, ushort)"/>; on the ring's thread only. See
/// io_uring_setup_buf_ring(3).
/// </summary>
/// <remarks>
/// The kernel owns a buffer from <see cref="Publish"/> on until a completion names its id (<see
/// cref="CompletionEntry.BufferId"/>). Then the caller owns it until it is added again. The ring holds only
/// the buffers' addresses. The caller has to keep their memory as long as the ring lives and operations that
/// take from it are in flight. The ring does not check that there is room: never add more buffers than there
/// are entries. It checks that it is used on the ring's thread.
/// <para>
/// One that owns its buffers (<see cref="Ring.RegisterBufferRing(ushort, ushort, int, BufferRingFlags)"/>)
/// checks all of that: it knows the owner of each buffer, and refuses to give the kernel one twice.
/// </para>
/// </remarks>
public sealed unsafe partial class BufferRing : IDisposable
{
    // SAFETY: the mapping is this object's until Dispose, which clears the pointer. The kernel reads it until
    // it is unregistered, and holds its pages.
    private io_uring_buf* _buffers;
    private readonly uint _mask;

    // Wraps as the kernel's own does.
    private ushort _tail;
    private readonly Ring _ring;
    private readonly nuint _bytes;
    private BufferPool? _pool;

    private BufferRing(
        Ring ring, ushort group, ushort entries, BufferRingFlags flags, void* memory, nuint bytes)
    {
        _ring = ring;
        _buffers = (io_uring_buf*)memory;
        _bytes = bytes;
        _mask = entries - 1u;
        Group = group;
        Entries = entries;
        Flags = flags;
    }

    /// <summary>The group's number, which submissions name.</summary>
    public ushort Group { get; }

    /// <summary>The most buffers that the ring holds at a time; a power of two.</summary>
    public ushort Entries { get; }

    /// <summary>How it works.</summary>
    public BufferRingFlags Flags { get; }

    internal void* Address => _buffers;

    // The kernel's memory, after the registration.
    internal static BufferRing MapKernels(
        Ring ring, int ringFd, ushort group, ushort entries, BufferRingFlags flags)
    {
        nuint bytes = entries * (nuint)sizeof(io_uring_buf);
        ulong offset = IORING_OFF.IORING_OFF_PBUF_RING | ((ulong)group << IORING_OFF.IORING_OFF_PBUF_SHIFT);
        int result = ring.Calls.Map(ringFd, bytes, offset, out void* memory);
        return result == 0 ? new BufferRing(ring, group, entries, flags, memory, bytes) : throw
            new RingException("mmap of a buffer ring", -result, "Memory or address space is short.");
    }

    internal static BufferRing Map(
        Ring ring, ushort group, ushort entries, BufferRingFlags flags = BufferRingFlags.None)
    {
        // Page-aligned, as the kernel wants it, and zero.
        nuint bytes = entries * (nuint)sizeof(io_uring_buf);
        int result = RingLibc.MMap(
            bytes, RingLibc.PROT_READ | RingLibc.PROT_WRITE,
            RingLibc.MAP_PRIVATE | RingLibc.MAP_ANONYMOUS, -1, 0,
            out void* memory);
        return result == 0 ? new BufferRing(ring, group, entries, flags, memory, bytes) : throw
            new RingException(
                "mmap of a buffer ring", -result, "Memory or address space is short (`ulimit -v`).");
    }

    /// <summary>Adds a buffer. The kernel sees it after <see cref="Publish"/>.</summary>
    /// <param name="address">The buffer; the kernel owns its memory until a completion names the id.</param>
    /// <param name="length">Its size in bytes.</param>
    /// <param name="bufferId">The id that the completion will name.</param>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The buffer ring was disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(void* address, uint length, ushort bufferId)
    {
        CheckUse();
        io_uring_buf* buffer = _buffers + (_tail & _mask);

        // The reserved field is not touched: that of the first buffer is the ring's tail.
        buffer->addr = (ulong)address;
        buffer->len = length;
        buffer->bid = bufferId;
        _tail++;
    }

    /// <summary>Hands the added buffers to the kernel. No system call.</summary>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The buffer ring was disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish()
    {
        CheckUse();

        // Release: pairs with the kernel's acquire load of the tail in io_ring_buffer_select, so that it
        // sees the buffers as they were added.
        Volatile.Write(ref ((io_uring_buf_ring*)_buffers)->tail, _tail);
    }

    /// <summary>
    /// Like <see cref="Publish"/>, and gives the places of the oldest completions back:
    /// io_uring_buf_ring_cq_advance(3).
    /// </summary>
    /// <param name="completions">Their number.</param>
    public void PublishAndAdvance(uint completions)
    {
        Publish();
        _ring.AdvanceCompletions(completions);
    }

    /// <summary>
    /// Lends the bytes that a completion left in the buffer that it names. Only for a ring that owns its
    /// buffers: see <see cref="Ring.RegisterBufferRing(ushort, ushort, int, BufferRingFlags)"/>. Call it once
    /// for each completion with <see cref="CompletionEntry.HasBuffer"/>; with <see
    /// cref="BufferRingFlags.Incremental"/>, the next completion's bytes follow these. For a completion of
    /// several buffers (<see cref="SendReceiveFlags.Bundle"/>) use <see cref="LendBundle"/>: this method
    /// takes a result that is longer than the buffer for a datagram that was cut.
    /// </summary>
    /// <param name="completion">The completion.</param>
    /// <returns>
    /// The bytes. The caller owns them until <see cref="GiveBack"/>. They are gone with the buffer ring:
    /// reading the span after the buffer ring or the ring was disposed of ends the process. The span is empty
    /// when the result is an error or 0. It is never longer than the buffer, also when the result is the
    /// length of a datagram that was cut (MSG_TRUNC).
    /// </returns>
    /// <exception cref="ArgumentException">
    /// The completion names no buffer, or one that is not of this ring.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The ring owns no buffers, or the buffer is lent already.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The buffer ring was disposed of.</exception>
    public Span<byte> Lend(in CompletionEntry completion)
    {
        if (!completion.HasBuffer)
        {
            throw new ArgumentException("The completion took no buffer.", nameof(completion));
        }

        BufferPool pool = Pool;
        CheckUse();
        return pool.Lend(completion.BufferId, completion.Result, completion.BufferHasMore);
    }

    /// <summary>
    /// Gives back the bytes that <see cref="Lend"/> lent for a completion. Do not use the span anymore. The
    /// kernel gets the buffer again when all of its parts are back. A buffer has one part; with <see
    /// cref="BufferRingFlags.Incremental"/> it has one for each completion that named it.
    /// </summary>
    /// <param name="completion">The completion.</param>
    /// <exception cref="ArgumentException">
    /// The completion names no buffer, or one that is not of this ring.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The ring owns no buffers, or the buffer is not lent for this completion because it was given back
    /// already. Or it is called on another thread.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The buffer ring was disposed of.</exception>
    public void GiveBack(in CompletionEntry completion)
    {
        if (!completion.HasBuffer)
        {
            throw new ArgumentException("The completion took no buffer.", nameof(completion));
        }

        BufferPool pool = Pool;
        CheckUse();
        if (pool.TakeBack(completion.BufferId, completion.Result, completion.BufferHasMore))
        {
            AddOwn(pool, completion.BufferId);
            Publish();
        }
    }

    /// <summary>
    /// The number of buffers that the kernel has taken, modulo 65,536. Linux 6.8, io_uring_buf_ring_head(3).
    /// </summary>
    /// <param name="head">The number.</param>
    /// <returns>False on kernels that cannot tell.</returns>
    /// <exception cref="ObjectDisposedException">The buffer ring was disposed of.</exception>
    public bool TryGetHead(out ushort head)
    {
        CheckUse();
        return _ring.GetBufferHead(Group, out head) == 0;
    }

    /// <summary>
    /// Counts the buffers that the kernel can take: published, and not taken yet. Linux 6.8,
    /// io_uring_buf_ring_available(3).
    /// </summary>
    /// <param name="count">Their number; 0 when the kernel cannot tell.</param>
    /// <returns>False on kernels that cannot tell.</returns>
    /// <exception cref="ObjectDisposedException">The buffer ring was disposed of.</exception>
    public bool TryCountAvailable(out int count)
    {
        CheckUse();
        bool known = _ring.GetBufferHead(Group, out ushort head) == 0;
        count = known ? (ushort)(((io_uring_buf_ring*)_buffers)->tail - head) : 0;
        return known;
    }

    /// <summary>
    /// Unregisters the group and unmaps the ring of addresses. Operations in flight that take from the group
    /// get ENOBUFS from then on. On a ring whose restrictions forbid it, it does nothing: the ring's end
    /// releases the buffers. A second call does nothing.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// Called on another thread, and the ring is not disposed of. The buffers are as they were.
    /// </exception>
    public void Dispose()
    {
        if (_buffers != null && _ring.Unregister(this))
        {
            Release(keepPool: false);
        }
    }

    // SAFETY: after the kernel let go of the group, or the ring was closed. On another thread than the
    // ring's, the kernel may still run what is in flight there: then the pool stays mapped for good.
    internal void Release(bool keepPool)
    {
        Unmap();
        if (!keepPool)
        {
            _pool?.Release();
        }

        _pool = null;
    }

    // All are the kernel's from then on.
    internal void Fill(BufferPool pool)
    {
        _pool = pool;
        for (int id = 0; id < Entries; id++)
        {
            AddOwn(pool, id);
        }

        Publish();
    }

    private BufferPool Pool => _pool ?? ThrowNoPool();

    private BufferPool ThrowNoPool()
    {
        ObjectDisposedException.ThrowIf(_buffers == null, this);
        throw new InvalidOperationException(
            "The ring holds addresses of the caller's buffers: register it with a size to have it own some.");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CheckUse()
    {
        _ring.CheckOwner();
        if (_buffers == null)
        {
            ThrowDisposed();
        }
    }

    private void ThrowDisposed() => throw new ObjectDisposedException(nameof(BufferRing));

    // SAFETY: not before the kernel's registration is gone, or was refused.
    internal void Unmap()
    {
        int result = RingLibc.MUnmap(_buffers, _bytes);
        Debug.Assert(result == 0, "The mapping of a buffer ring was not what it was.");
        _buffers = null;
    }
}
