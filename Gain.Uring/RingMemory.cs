using Gain.Kernel;

namespace Gain.Uring;

/// <summary>Where a ring lies that is not in the kernel's memory (NO_MMAP).</summary>
internal sealed unsafe class RingMemory
{
    private const nuint HugePageBytes = 2 << 20;

    // The head and tail and the like, before the completions.
    private const nuint HeadBytes = 64;

    // SAFETY: this object's mapping, or the caller's memory, which is to outlive the ring.
    private bool _isOwned;
    private readonly nuint _mappedBytes;

    private RingMemory(void* memory, nuint entriesBytes, nuint mappedBytes, bool isOwned)
    {
        Entries = memory;
        Rings = (byte*)memory + entriesBytes;
        _mappedBytes = mappedBytes;
        _isOwned = isOwned;
    }

    /// <summary>The submission entries.</summary>
    internal void* Entries { get; }

    /// <summary>Both rings.</summary>
    internal void* Rings { get; }

    /// <summary>The memory that the options name, or new one.</summary>
    internal static RingMemory Take(RingOptions options)
    {
        (nuint entries, nuint rings) = Sizes(options);
        nuint bytes = entries + rings;
        if (options.MemoryAddress != 0)
        {
            return bytes <= options.MemoryBytes
                ? new RingMemory((void*)options.MemoryAddress, entries, 0, isOwned: false)
                : throw new ArgumentException(
                    $"The ring needs {bytes} bytes, and its memory has {options.MemoryBytes}.",
                    nameof(options));
        }

        // Kernels before 6.14 want each part in one piece: a huge page is.
        nuint huge = (bytes + HugePageBytes - 1) & ~(HugePageBytes - 1);
        if (bytes > (nuint)Environment.SystemPageSize
            && Map(huge, RingLibc.MAP_HUGETLB, out void* memory) == 0)
        {
            return new RingMemory(memory, entries, huge, isOwned: true);
        }

        int result = Map(bytes, 0, out memory);
        return result == 0 ? new RingMemory(memory, entries, bytes, isOwned: true) : throw new RingException(
            "mmap of a ring's memory", -result, "Memory or address space is short (`ulimit -v`).");
    }

    /// <summary>The bytes of the submission entries and of the rings, in whole pages.</summary>
    internal static (nuint Entries, nuint Rings) Sizes(RingOptions options)
    {
        uint entries = RingSetup.EntriesOf(options);
        uint completions = RingSetup.CompletionsOf(options);
        int entryShift = (options.Flags & RingSetupFlags.LargeSubmissions) != 0 ? 1 : 0;
        int completionShift = (options.Flags & RingSetupFlags.LargeCompletions) != 0 ? 1 : 0;
        nuint rings = HeadBytes + (((nuint)completions * (nuint)sizeof(CompletionEntry)) << completionShift);

        // The array is there when the kernel is too old to leave it out, whatever was asked.
        rings += (nuint)entries * sizeof(uint);
        return (WholePages(((nuint)entries * (nuint)sizeof(io_uring_sqe)) << entryShift), WholePages(rings));
    }

    internal void Release()
    {
        if (_isOwned)
        {
            _isOwned = false;
            Ring.Unmap(Entries, _mappedBytes);
        }
    }

    private static nuint WholePages(nuint bytes)
    {
        nuint page = (nuint)Environment.SystemPageSize;
        return (bytes + page - 1) & ~(page - 1);
    }

    private static int Map(nuint bytes, int flags, out void* memory) => RingLibc.MMap(
        bytes, RingLibc.PROT_READ | RingLibc.PROT_WRITE,
        RingLibc.MAP_SHARED | RingLibc.MAP_ANONYMOUS | flags, -1, 0,
        out memory);
}
