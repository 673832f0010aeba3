using System.Runtime.CompilerServices;
using Gain.Kernel;

namespace Gain.Rings;

/// <summary>
/// The states of all descriptors that the process can have, by number. The kernel gives out the lowest free
/// numbers, so that of the reserved addresses only the first are ever touched.
/// </summary>
internal sealed unsafe class EpollTable : IDisposable
{
    /// <summary>Descriptors at most: <c>ulimit -n</c> is a thousand million in some containers.</summary>
    public const int MaxCapacity = 1 << 22;

    private const int MinCapacity = 1 << 10;

    // SAFETY: the mapping is this object's until Dispose, on the worker's thread.
    private EpollDescriptor* _entries;
    private iovec* _pieces;
    private CompletionList? _completions;

    /// <param name="completionsBeside">Completions that are not bound to a descriptor, at most.</param>
    /// <param name="mostDescriptors">Descriptors at most, for tests of what happens then.</param>
    public EpollTable(int completionsBeside, int mostDescriptors = MaxCapacity)
    {
        int wanted = Math.Min(WantedCapacity(), mostDescriptors);
        for (Capacity = wanted; !TryReserve(completionsBeside); Capacity /= 2)
        {
            if (Capacity / 2 < MinCapacity)
            {
                throw GainException.ForSystemCall(
                    "Cannot reserve addresses for the states of descriptors (`ulimit -v`)", Errno.ENOMEM);
            }
        }
    }

    /// <summary>Descriptors from this one on are not served.</summary>
    public int Capacity { get; private set; }

    /// <summary>The completions that these descriptors can have at a time, and those beside.</summary>
    public CompletionList Completions => _completions!;

    /// <summary>The state of a descriptor below <see cref="Capacity"/>.</summary>
    public ref EpollDescriptor this[int fd]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _entries[fd];
    }

    /// <summary>The pieces of a descriptor's gathered send that waits for room.</summary>
    // SAFETY: as for the mapping.
    public Span<iovec> PiecesOf(int fd) => new(_pieces + ((nint)fd * IRing.MaxPieces), IRing.MaxPieces);

    public void Dispose()
    {
        NativePages.Unmap(_entries, EntriesBytes);
        NativePages.Unmap(_pieces, PiecesBytes);
        _completions?.Dispose();
        _entries = null;
        _pieces = null;
        _completions = null;
        Capacity = 0;
    }

    private nuint EntriesBytes => (nuint)Capacity * (nuint)sizeof(EpollDescriptor);

    private nuint PiecesBytes => (nuint)Capacity * IRing.MaxPieces * (nuint)sizeof(iovec);

    // The hard limit, as the process may raise the other one up to it at any time.
    private static int WantedCapacity()
    {
        rlimit limit;
        int result = Libc.GetRLimit(Libc.RLIMIT_NOFILE, &limit);
        ulong most = result == 0 ? limit.rlim_max : MaxCapacity;
        return (int)Math.Clamp(most, MinCapacity, MaxCapacity);
    }

    private bool TryReserve(int completionsBeside)
    {
        _entries = (EpollDescriptor*)NativePages.TryReserve(EntriesBytes);
        _pieces = (iovec*)NativePages.TryReserve(PiecesBytes);
        _completions = CompletionList.TryCreate(
            ((long)Capacity * CompletionList.MaxPerDescriptor) + completionsBeside);
        if (_entries is not null && _pieces is not null && _completions is not null)
        {
            return true;
        }

        int capacity = Capacity;
        Dispose();
        Capacity = capacity;
        return false;
    }
}
