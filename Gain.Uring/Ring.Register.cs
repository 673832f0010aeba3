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
    public BufferRing RegisterBufferRing(ushort group, ushort entries) =>
        RegisterBufferRing(group, entries, BufferRingFlags.None);

    /// <summary>Like the other overload, with flags. io_uring_setup_buf_ring(3).</summary>
    /// <param name="group">The group that submissions name; free on this ring.</param>
    /// <param name="entries">The most buffers at a time: a power of two, from 1 to 32,768.</param>
    /// <param name="flags">How it works.</param>
    /// <returns>The buffer ring. It is disposed of with this ring, if not before.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="entries"/> is no such power.</exception>
    /// <exception cref="RingException">As for the other overload; also EINVAL for a flag that is too
    /// new.</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public BufferRing RegisterBufferRing(ushort group, ushort entries, BufferRingFlags flags)
    {
        CheckOwner();
        if (!BitOperations.IsPow2(entries))
        {
            throw new ArgumentOutOfRangeException(
                nameof(entries), entries, "A buffer ring has a power of two of entries, at most 32,768.");
        }

        bool isKernels = (flags & BufferRingFlags.KernelMemory) != 0;
        if (isKernels && _fd < 0)
        {
            throw new RingException(
                "io_uring_register of a buffer ring", Errno.EBADF,
                "Memory of the kernel's is mapped by the ring's descriptor, and the ring has none: leave out "
                + "BufferRingFlags.KernelMemory, or register before CloseDescriptor.");
        }

        BufferRing? ring = isKernels ? null : BufferRing.Map(this, group, entries, flags);
        io_uring_buf_reg registration = default;
        registration.ring_addr = ring is null ? 0 : (ulong)ring.Address;
        registration.ring_entries = entries;
        registration.bgid = group;
        registration.flags = (ushort)flags;
        int result = Register(IORING_REGISTER_PBUF_RING, &registration, 1);
        if (result < 0)
        {
            ring?.Unmap();
            string advice = RingAdvice.BufferRing(-result, group, entries, isKernels);
            throw new RingException("io_uring_register of a buffer ring", -result, advice);
        }

        ring ??= MapKernelsBuffers(group, entries, flags);
        _bufferRings.Add(ring);
        return ring;
    }

    private BufferRing MapKernelsBuffers(ushort group, ushort entries, BufferRingFlags flags)
    {
        try
        {
            return BufferRing.MapKernels(this, _fd, group, entries, flags);
        }
        catch
        {
            // Nothing reads the group, and its number is free again.
            io_uring_buf_reg registration = default;
            registration.bgid = group;
            _ = Register(IORING_UNREGISTER_PBUF_RING, &registration, 1);
            throw;
        }
    }

    /// <summary>
    /// Makes a buffer ring that owns its buffers. The kernel has all of them from the start. <see
    /// cref="BufferRing.Lend"/> gives the received bytes as a span, and <see cref="BufferRing.GiveBack"/>
    /// gives the buffer back.
    /// </summary>
    /// <param name="group">The group that submissions name; free on this ring.</param>
    /// <param name="entries">The number of buffers: a power of two, from 1 to 32,768.</param>
    /// <param name="bufferBytes">The size of each in bytes, at least 1.</param>
    /// <param name="flags">How it works.</param>
    /// <returns>
    /// The buffer ring. It is disposed of with this ring, if not before; end the operations that take from it
    /// first.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="RingException">As for the other overloads; also ENOMEM from mmap(2).</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public BufferRing RegisterBufferRing(
        ushort group, ushort entries, int bufferBytes, BufferRingFlags flags = BufferRingFlags.None)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bufferBytes, 1);
        BufferRing ring = RegisterBufferRing(group, entries, flags);
        try
        {
            void* memory = MapAnonymous((nuint)entries * (nuint)bufferBytes, "buffers");
            ring.Fill(new BufferPool(memory, entries, bufferBytes));
            return ring;
        }
        catch
        {
            ring.Dispose();
            throw;
        }
    }

    /// <summary>Asks the kernel which operations it has. Linux 5.6, io_uring_get_probe(3).</summary>
    /// <returns>The answer; on an older kernel it has no operations.</returns>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public Probe GetProbe()
    {
        CheckOwner();

        // SAFETY: on this frame, and as large as a probe of that many entries.
        byte* memory = stackalloc byte[sizeof(io_uring_probe) + (ProbeEntries * sizeof(io_uring_probe_op))];
        new Span<byte>(memory, sizeof(io_uring_probe) + (ProbeEntries * sizeof(io_uring_probe_op))).Clear();
        int result = Register(IORING_REGISTER_PROBE, memory, ProbeEntries);
        return result < 0 ? new Probe([]) : new Probe(new ReadOnlySpan<io_uring_probe_op>(
            memory + sizeof(io_uring_probe), ((io_uring_probe*)memory)->ops_len));
    }

    /// <summary>
    /// Posts a completion on a ring, from any thread; the thread needs no ring of its own. It is the cheapest
    /// way to wake the thread that waits on the ring. Linux 6.13, IORING_REGISTER_SEND_MSG_RING in
    /// io_uring_register(2).
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
        return RingLibc.IoUringRegister(-1, IORING_REGISTER_SEND_MSG_RING, &sqe, 1);
    }

    // The kernel's answer. Without a descriptor of its own, a ring is named by its registered index.
    internal int Register(uint operation, void* argument, uint count)
    {
        CheckOwner();
        return _fd >= 0
            ? _calls.Register(_fd, operation, argument, count)
            : _calls.Register(
                _enterFd, operation | IORING_REGISTER_USE_REGISTERED_RING, argument, count);
    }

    internal int RegisterOrThrow(uint operation, void* argument, uint count, string what) =>
        Checked(Register(operation, argument, count), operation, what);

    private static int Checked(int result, uint operation, string what) =>
        result >= 0 ? result : throw new RingException(
            $"io_uring_register of {what}", -result, RegistrationAdvice.For(operation, -result));

    internal int GetBufferHead(ushort group, out ushort head)
    {
        io_uring_buf_status status = default;
        status.buf_group = group;
        int result = Register(IORING_REGISTER_PBUF_STATUS, &status, 1);
        head = (ushort)status.head;
        return result;
    }

    // SAFETY: after true, the kernel takes from the buffer ring no more. It refuses where restrictions forbid
    // the call (EACCES); then the group stays until the ring is closed.
    internal bool Unregister(BufferRing bufferRing)
    {
        CheckOwner();
        io_uring_buf_reg registration = default;
        registration.bgid = bufferRing.Group;
        if (Register(IORING_UNREGISTER_PBUF_RING, &registration, 1) == -Errno.EACCES)
        {
            return false;
        }

        _ = _bufferRings.Remove(bufferRing);
        return true;
    }
}
