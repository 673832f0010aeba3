using System.Numerics;
using Gain.Kernel;
using static Gain.Kernel.IORING_REGISTER;

namespace Gain.Uring;

public sealed unsafe partial class Ring
{
    // A probe has room for every opcode that a byte can name.
    private const int ProbeEntries = 256;

    /// <summary>
    /// Makes a ring of buffers for a group, empty. Linux 5.19, io_uring_register_buf_ring(3).
    /// </summary>
    /// <param name="group">The group that submissions name; free on this ring.</param>
    /// <param name="entries">The most buffers at a time: a power of two, from 1 to 32,768.</param>
    /// <returns>The buffer ring. It is disposed of with this ring, if not before.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="entries"/> is no such power.</exception>
    /// <exception cref="RingException">
    /// EINVAL (the kernel has no buffer rings), EEXIST (the group is in use), ENOMEM (the memlock limit).
    /// </exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public BufferRing RegisterBufferRing(ushort group, ushort entries)
    {
        CheckOwner();
        if (!BitOperations.IsPow2(entries))
        {
            throw new ArgumentOutOfRangeException(
                nameof(entries), entries, "A buffer ring has a power of two of entries, at most 32,768.");
        }

        BufferRing ring = BufferRing.Map(this, group, entries);
        io_uring_buf_reg registration = default;
        registration.ring_addr = (ulong)ring.Address;
        registration.ring_entries = entries;
        registration.bgid = group;
        int result = _calls.Register(_fd, IORING_REGISTER_PBUF_RING, &registration, 1);
        if (result < 0)
        {
            ring.Unmap();
            string advice = RingAdvice.BufferRing(-result, group, entries);
            throw new RingException("io_uring_register of a buffer ring", -result, advice);
        }

        _bufferRings.Add(ring);
        return ring;
    }

    /// <summary>Asks the kernel which operations it has. Linux 5.6, io_uring_get_probe(3).</summary>
    /// <returns>The answer; of an older kernel, that it has none.</returns>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public Probe GetProbe()
    {
        CheckOwner();

        // SAFETY: on this frame, and as large as a probe of that many entries.
        byte* memory = stackalloc byte[sizeof(io_uring_probe) + (ProbeEntries * sizeof(io_uring_probe_op))];
        new Span<byte>(memory, sizeof(io_uring_probe) + (ProbeEntries * sizeof(io_uring_probe_op))).Clear();
        int result = _calls.Register(_fd, IORING_REGISTER_PROBE, memory, ProbeEntries);
        return result < 0 ? new Probe([]) : new Probe(new ReadOnlySpan<io_uring_probe_op>(
            memory + sizeof(io_uring_probe), ((io_uring_probe*)memory)->ops_len));
    }

    /// <summary>
    /// Posts a completion on a ring, from any thread, which needs no ring of its own: the cheapest way to
    /// wake the thread that waits on it. Linux 6.13, IORING_REGISTER_SEND_MSG_RING in io_uring_register(2).
    /// </summary>
    /// <param name="ringFd">
    /// The ring's <see cref="Descriptor"/>. It has to stay open during the call: another file could get the
    /// number.
    /// </param>
    /// <param name="length">The result of the completion there.</param>
    /// <param name="data">The user data of the completion there.</param>
    /// <returns>
    /// 0, or the negated errno: EINVAL where the kernel cannot do it (wake by an eventfd instead), EOVERFLOW
    /// when the ring has no room for the completion, ENOMEM, EBADF, EBADFD when the ring is not enabled.
    /// </returns>
    public static int SendMessage(int ringFd, uint length, ulong data)
    {
        // SAFETY: on this frame; the kernel copies it.
        io_uring_sqe sqe = default;
        new SubmissionEntry(&sqe).PrepMsgRing(ringFd, length, data, MessageFlags.None);
        return Libc.IoUringRegister(-1, IORING_REGISTER_SEND_MSG_RING, &sqe, 1);
    }

    internal int GetBufferHead(ushort group, out ushort head)
    {
        CheckOwner();
        io_uring_buf_status status = default;
        status.buf_group = group;
        int result = _calls.Register(_fd, IORING_REGISTER_PBUF_STATUS, &status, 1);
        head = (ushort)status.head;
        return result;
    }

    // SAFETY: after it the kernel reads the buffer ring no more. On another thread the kernel would refuse;
    // then it holds the pages itself until the ring is gone.
    internal void Unregister(BufferRing bufferRing)
    {
        _ = _bufferRings.Remove(bufferRing);
        if (_fd >= 0 && Environment.CurrentManagedThreadId == _ownerThread)
        {
            io_uring_buf_reg registration = default;
            registration.bgid = bufferRing.Group;
            _ = _calls.Register(_fd, IORING_UNREGISTER_PBUF_RING, &registration, 1);
        }
    }
}
