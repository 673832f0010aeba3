using System.Numerics;
using Gain.Kernel;
using static Gain.Kernel.IORING_REGISTER;

namespace Gain.Uring;

public sealed unsafe partial class Ring
{
    private readonly List<ZeroCopyReceive> _zeroCopyReceives = [];

    /// <summary>
    /// Takes over a receive queue of a network card, which has to split headers from data and steer flows to
    /// the queue (ethtool). The ring has to have <see cref="RingSetupFlags.DeferTaskRun"/> and large or mixed
    /// completions; the process, CAP_NET_ADMIN. Linux 6.15, io_uring_register_ifq(3).
    /// </summary>
    /// <param name="interfaceIndex">The network interface, as if_nametoindex(3) names it.</param>
    /// <param name="queue">The receive queue.</param>
    /// <param name="entries">The entries of the queue that gives memory back: a power of two.</param>
    /// <param name="areaBytes">The memory for packets in bytes, in whole pages.</param>
    /// <returns>The queue; it lives as long as the ring.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="RingException">
    /// EINVAL (the kernel or the ring cannot), EPERM, ENODEV (no such interface), EOPNOTSUPP (the card
    /// cannot), EBUSY, ENOMEM.
    /// </exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public ZeroCopyReceive RegisterZeroCopyReceive(
        uint interfaceIndex, uint queue, uint entries, int areaBytes)
    {
        nuint page = (nuint)Environment.SystemPageSize;
        ArgumentOutOfRangeException.ThrowIfLessThan(areaBytes, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual((nuint)areaBytes % page, (nuint)0, nameof(areaBytes));
        ArgumentOutOfRangeException.ThrowIfNotEqual(BitOperations.IsPow2(entries), true, nameof(entries));
        CheckOwner();

        // One page more: the head and the tail come first.
        nuint queueBytes = ((entries * (nuint)sizeof(io_uring_zcrx_rqe)) + (2 * page) - 1) & ~(page - 1);
        void* area = MapAnonymous((nuint)areaBytes, "an area for packets");
        void* memory = null;
        try
        {
            memory = MapAnonymous(queueBytes, "a refill queue");
            io_uring_zcrx_ifq_reg registration = default;
            registration.if_idx = interfaceIndex;
            registration.if_rxq = queue;
            registration.rq_entries = entries;
            var receive = Register(registration, area, (nuint)areaBytes, memory, queueBytes);
            _zeroCopyReceives.Add(receive);
            return receive;
        }
        catch
        {
            Unmap(area, (nuint)areaBytes);
            Unmap(memory, queueBytes);
            throw;
        }
    }

    internal int Control(uint id, uint operation)
    {
        zcrx_ctrl control = default;
        control.zcrx_id = id;
        control.op = operation;
        _ = RegisterOrThrow(IORING_REGISTER_ZCRX_CTRL, &control, 0, "a queue's control");
        return (int)control.zcrx_fd;
    }

    // SAFETY: the descriptions are on this frame, and the kernel copies them; the memory is the queue's.
    private ZeroCopyReceive Register(
        io_uring_zcrx_ifq_reg registration, void* area, nuint areaBytes, void* queue, nuint queueBytes)
    {
        io_uring_zcrx_area_reg areaDescription = default;
        areaDescription.addr = (ulong)area;
        areaDescription.len = areaBytes;
        io_uring_region_desc region = default;
        region.user_addr = (ulong)queue;
        region.size = queueBytes;
        region.flags = IORING_MEM_REGION.IORING_MEM_REGION_TYPE_USER;
        registration.area_ptr = (ulong)&areaDescription;
        registration.region_ptr = (ulong)&region;
        _ = RegisterOrThrow(IORING_REGISTER_ZCRX_IFQ, &registration, 1, "a queue of a network card");
        return new ZeroCopyReceive(this, in registration, in areaDescription, queue, queueBytes);
    }
}
