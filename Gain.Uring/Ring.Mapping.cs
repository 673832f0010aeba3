using Gain.Kernel;
using static Gain.Kernel.IORING_OFF;
using static Gain.Kernel.IORING_SETUP;

namespace Gain.Uring;

public sealed unsafe partial class Ring
{
    // SAFETY: the mapping is this ring's until Dispose.
    private void* _ringMap;
    private nuint _ringMapBytes;

    // Null when both rings are in one mapping.
    // SAFETY: both mappings are this ring's until Dispose.
    private void* _cqMap;
    private nuint _cqMapBytes;
    private void* _sqesMap;
    private nuint _sqesMapBytes;

    // As _cqes and _cqMask, and valid on every ring.
    // SAFETY: in the mapping of the completion ring; the kernel writes behind the tail only.
    private CompletionEntry* _anyCqes;
    private uint _anyCqMask;

    // 1 where entries are twice as large.
    private int _sqeShift;
    private int _cqeShift;
    private bool _isMixed;
    // SAFETY: in the mapping of the completion ring, which the kernel reads.
    private uint* _kernelCqFlags;

    // SAFETY: the offsets are the kernel's own for this ring, and the sizes cover the last field of each.
    private void Map(in io_uring_params parameters)
    {
        ref readonly io_sqring_offsets sq = ref parameters.sq_off;
        ref readonly io_cqring_offsets cq = ref parameters.cq_off;
        _sqeShift = (parameters.flags & IORING_SETUP_SQE128) != 0 ? 1 : 0;
        _cqeShift = (parameters.flags & IORING_SETUP_CQE32) != 0 ? 1 : 0;
        _isMixed = (parameters.flags & IORING_SETUP_CQE_MIXED) != 0;
        nuint sqBytes = sq.array + ((nuint)parameters.sq_entries * sizeof(uint));
        nuint cqBytes =
            cq.cqes + (((nuint)parameters.cq_entries * (nuint)sizeof(CompletionEntry)) << _cqeShift);
        byte* sqRing;
        byte* cqRing;
        if (_memory is { } memory)
        {
            sqRing = cqRing = (byte*)memory.Rings;
            _sqes = (io_uring_sqe*)memory.Entries;
        }
        else
        {
            MapRings(sqBytes, cqBytes, (parameters.features & IORING_FEAT.IORING_FEAT_SINGLE_MMAP) != 0);
            sqRing = (byte*)_ringMap;
            cqRing = _cqMap != null ? (byte*)_cqMap : sqRing;
            _sqesMapBytes = ((nuint)parameters.sq_entries * (nuint)sizeof(io_uring_sqe)) << _sqeShift;
            _sqesMap = MapRing(_sqesMapBytes, IORING_OFF_SQES);
            _sqes = (io_uring_sqe*)_sqesMap;
        }

        FindSubmissionFields(sqRing, in sq);
        FindCompletionFields(cqRing, in cq);
        if ((parameters.flags & IORING_SETUP_NO_SQARRAY) == 0)
        {
            // The ring of indices that older kernels go through: entry i is always at index i.
            uint* array = (uint*)(sqRing + sq.array);
            for (uint i = 0; i < _sqEntries; i++)
            {
                array[i] = i;
            }
        }
    }

    private void MapRings(nuint sqBytes, nuint cqBytes, bool inOne)
    {
        _ringMapBytes = inOne ? Math.Max(sqBytes, cqBytes) : sqBytes;
        _ringMap = MapRing(_ringMapBytes, IORING_OFF_SQ_RING);
        _cqMap = null;
        if (!inOne)
        {
            _cqMapBytes = cqBytes;
            _cqMap = MapRing(cqBytes, IORING_OFF_CQ_RING);
        }
    }

    private void FindSubmissionFields(byte* ring, in io_sqring_offsets offsets)
    {
        _kernelSqHead = (uint*)(ring + offsets.head);
        _kernelSqTail = (uint*)(ring + offsets.tail);
        _kernelSqFlags = (uint*)(ring + offsets.flags);
        _kernelSqDropped = (uint*)(ring + offsets.dropped);
        _sqMask = *(uint*)(ring + offsets.ring_mask);
        _sqEntries = *(uint*)(ring + offsets.ring_entries);
        _sqLimit = _sqeShift == 0 ? _sqEntries : 0;
        _sqHead = *_kernelSqHead;
        _sqTail = *_kernelSqTail;
    }

    private void FindCompletionFields(byte* ring, in io_cqring_offsets offsets)
    {
        _kernelCqHead = (uint*)(ring + offsets.head);
        _kernelCqTail = (uint*)(ring + offsets.tail);
        _kernelCqOverflow = (uint*)(ring + offsets.overflow);
        _kernelCqFlags = offsets.flags != 0 ? (uint*)(ring + offsets.flags) : null;
        _anyCqes = (CompletionEntry*)(ring + offsets.cqes);
        _anyCqMask = *(uint*)(ring + offsets.ring_mask);
        bool isPlain = _cqeShift == 0 && !_isMixed;
        _cqes = isPlain ? _anyCqes : null;
        _cqMask = isPlain ? _anyCqMask : 0;
        _cqEntries = *(uint*)(ring + offsets.ring_entries);
        _cqHead = *_kernelCqHead;
    }

    private void* MapRing(nuint bytes, ulong offset)
    {
        int result = _calls.Map(_fd, bytes, offset, out void* address);
        return result == 0 ? address : throw new RingException(
            "mmap of a ring", -result, "Memory or address space is short (`ulimit -v`, vm.max_map_count).");
    }

    // The rings where the kernel has put them. What they were in is unmapped after, or when there is no room
    // for both at once.
    private void MapAgain(in io_uring_params parameters)
    {
        (nint sqes, nint ring, nint completions) old = ((nint)_sqesMap, (nint)_ringMap, (nint)_cqMap);
        (nuint sqes, nuint ring, nuint completions) bytes = (_sqesMapBytes, _ringMapBytes, _cqMapBytes);
        ClearPointers();
        bool isMapped = TryMap(in parameters, out _);
        Unmap((void*)old.sqes, bytes.sqes);
        Unmap((void*)old.ring, bytes.ring);
        Unmap((void*)old.completions, bytes.completions);
        if (!isMapped && !TryMap(in parameters, out int errno))
        {
            Dispose();
            throw Refused(
                "mmap of a resized ring", errno,
                "Memory or address space is short (`ulimit -v`, vm.max_map_count), and the kernel had left "
                + "the old memory: the ring was disposed of. Make another.");
        }
    }

    private bool TryMap(in io_uring_params parameters, out int errno)
    {
        try
        {
            Map(in parameters);
            errno = 0;
            return true;
        }
        catch (RingException refused)
        {
            UnmapRings();
            errno = refused.ErrorNumber;
            return false;
        }
    }

    // SAFETY: the pointers are cleared with the mappings.
    private void UnmapRings()
    {
        Unmap(_sqesMap, _sqesMapBytes);
        Unmap(_cqMap, _cqMapBytes);
        Unmap(_ringMap, _ringMapBytes);
        ClearPointers();
    }

    private void ClearPointers()
    {
        _sqes = null;
        _sqesMap = null;
        _cqes = null;
        _anyCqes = null;
        _ringMap = null;
        _cqMap = null;
        _kernelSqHead = null;
        _kernelSqTail = null;
        _kernelSqFlags = null;
        _kernelSqDropped = null;
        _kernelCqHead = null;
        _kernelCqTail = null;
        _kernelCqOverflow = null;
        _kernelCqFlags = null;
        _sqEntries = 0;
        _sqLimit = 0;
        _sqMask = 0;
        _cqEntries = 0;
        _cqMask = 0;
        _anyCqMask = 0;
        _sqTail = 0;
        _sqHead = 0;
        _cqHead = 0;
    }

    internal static void Unmap(void* address, nuint bytes)
    {
        if (address != null)
        {
            // It fails only for a range that is not a mapping.
            int result = RingLibc.MUnmap(address, bytes);
            System.Diagnostics.Debug.Assert(result == 0, "A mapping of a ring was not what it was.");
        }
    }
}
