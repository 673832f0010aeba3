using Gain.Kernel;

namespace Gain.Uring;

/// <summary>
/// A receive queue of a network card whose packets the kernel leaves in memory of the process, uncopied: from
/// <see cref="Ring.RegisterZeroCopyReceive"/>. On the ring's thread only.
/// </summary>
/// <remarks>
/// <see cref="SubmissionEntry.PrepRecvZc"/> receives; each completion (32 bytes, from
/// <see cref="Ring.TakeLargeCompletions"/>) names a part of <see cref="Area"/> that is the caller's until
/// it is given back. When all of it is the caller's, the card drops what comes.
/// </remarks>
public sealed unsafe class ZeroCopyReceive
{
    private readonly Ring _ring;
    private readonly ulong _areaToken;
    private readonly nuint _areaBytes;
    private readonly nuint _queueBytes;
    private readonly uint _mask;

    // SAFETY: mappings of this object's own, which the card and the kernel write to until the ring is closed;
    // the ring releases them after that.
    private byte* _area;
    private byte* _queue;
    private uint* _kernelHead;
    private uint* _kernelTail;
    private io_uring_zcrx_rqe* _entries;
    private uint _tail;

    internal ZeroCopyReceive(
        Ring ring, in io_uring_zcrx_ifq_reg registration, in io_uring_zcrx_area_reg area, void* queue,
        nuint queueBytes)
    {
        _ring = ring;
        Id = registration.zcrx_id;
        _area = (byte*)area.addr;
        _areaBytes = (nuint)area.len;
        _areaToken = area.rq_area_token;
        _queue = (byte*)queue;
        _queueBytes = queueBytes;
        _kernelHead = (uint*)(_queue + registration.offsets.head);
        _kernelTail = (uint*)(_queue + registration.offsets.tail);
        _entries = (io_uring_zcrx_rqe*)(_queue + registration.offsets.rqes);
        _mask = registration.rq_entries - 1;
        _tail = *_kernelTail;
    }

    /// <summary>The number that submissions name.</summary>
    public uint Id { get; }

    /// <summary>
    /// The memory that packets are left in. It goes with the ring: a look at a span after its Dispose ends
    /// the process.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public ReadOnlySpan<byte> Area
    {
        get
        {
            ThrowIfReleased();
            return new(_area, checked((int)_areaBytes));
        }
    }

    /// <summary>What a completion of a receive left.</summary>
    /// <param name="completion">The completion; its result is the number of bytes.</param>
    /// <returns>
    /// The bytes; the caller's until they are given back, and gone with the ring: a look at them after its
    /// Dispose ends the process.
    /// </returns>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public ReadOnlySpan<byte> Locate(in LargeCompletionEntry completion) =>
        Area.Slice((int)(completion.First & ~IORING_ZCRX.IORING_ZCRX_AREA_MASK), completion.Entry.Result);

    /// <summary>Gives what a completion left back to the kernel. No system call.</summary>
    /// <param name="completion">The completion.</param>
    /// <returns>False when the queue is full: the kernel takes from it at the next receive.</returns>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public bool TryGiveBack(in LargeCompletionEntry completion)
    {
        ThrowIfReleased();

        // Acquire: pairs with the kernel's release store of the head, so that no entry is overwritten that it
        // still reads.
        if (_tail - Volatile.Read(ref *_kernelHead) > _mask)
        {
            return false;
        }

        io_uring_zcrx_rqe* entry = _entries + (_tail & _mask);
        entry->off = (completion.First & ~IORING_ZCRX.IORING_ZCRX_AREA_MASK) | _areaToken;
        entry->len = (uint)completion.Entry.Result;
        entry->__pad = 0;
        _tail++;

        // Release: pairs with the kernel's acquire load of the tail in io_zcrx_rqring_entries.
        Volatile.Write(ref *_kernelTail, _tail);
        return true;
    }

    /// <summary>
    /// Has the kernel take in what was given back, now. Linux 6.19, io_uring_register_zcrx_ctrl, in
    /// liburing.h.
    /// </summary>
    /// <exception cref="RingException">EINVAL: the kernel is older.</exception>
    public void Flush() => _ring.Control(Id, IORING_ZCRX.ZCRX_CTRL_FLUSH_RQ);

    /// <summary>
    /// Makes a descriptor of the queue, for another ring. Linux 6.19, io_uring_register_zcrx_ctrl, in
    /// liburing.h.
    /// </summary>
    /// <returns>The descriptor, the caller's to close.</returns>
    /// <exception cref="RingException">EINVAL: the kernel is older.</exception>
    public int Export() => _ring.Control(Id, IORING_ZCRX.ZCRX_CTRL_EXPORT);

    private void ThrowIfReleased() => ObjectDisposedException.ThrowIf(_area == null, typeof(Ring));

    // After the ring was closed.
    internal void Release()
    {
        Ring.Unmap(_area, _areaBytes);
        Ring.Unmap(_queue, _queueBytes);
        _area = null;
        _queue = null;
        _kernelHead = null;
        _kernelTail = null;
        _entries = null;
    }
}
