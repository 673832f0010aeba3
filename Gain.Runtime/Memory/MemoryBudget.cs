using System.Runtime.InteropServices;
using Gain.Rings;

namespace Gain.Memory;

/// <summary>
/// The memory that a server may hold for its connections' bytes, shared by its workers, and the way to it:
/// what is taken here is charged, and what the system refuses is not. Workers take it in large pieces, so
/// that it is rarely touched. Any thread.
/// </summary>
/// <remarks>
/// A worker sets a little aside when it is made (<see cref="SetAside"/>). Others cannot take that, so that a
/// connection that needs little gets it, also where clients have filled the rest.
/// </remarks>
/// <param name="limitBytes">The most that may be reserved.</param>
/// <param name="grants">
/// Answers for the system, in tests, whether it grants this many bytes; null where the system is asked.
/// </param>
internal sealed unsafe class MemoryBudget(long limitBytes, Func<long, bool>? grants = null)
{
    // What may be taken by anybody is the limit less what is set aside, and is counted apart from that: so
    // neither can be seen in the middle of a change.
    private long _shared;
    private long _setAside;
    private long _ownInUse;

    /// <summary>The most that may be reserved, in bytes.</summary>
    public long LimitBytes => limitBytes;

    /// <summary>What is reserved, in bytes.</summary>
    public long ReservedBytes => Interlocked.Read(ref _shared) + Interlocked.Read(ref _ownInUse);

    /// <summary>Whether three quarters are gone, so that connections should be held back earlier.</summary>
    public bool IsTight => ReservedBytes > limitBytes / 4 * 3;

    /// <summary>Keeps memory for one worker; gives it back when negative.</summary>
    public void SetAside(long bytes) => Interlocked.Add(ref _setAside, bytes);

    /// <summary>Counts what is in use of the memory that was set aside; gives it back when
    /// negative.</summary>
    public void UseSetAside(long bytes) => Interlocked.Add(ref _ownInUse, bytes);

    /// <summary>Whether as much could be reserved now.</summary>
    public bool HasRoomFor(long bytes) => bytes <= SharedLimit - Interlocked.Read(ref _shared);

    private long SharedLimit => limitBytes - Interlocked.Read(ref _setAside);

    /// <summary>Reserves memory, if there is as much. A refusal takes nothing from others
    /// meanwhile.</summary>
    public bool TryReserve(long bytes)
    {
        long limit = SharedLimit;
        long seen = Interlocked.Read(ref _shared);
        while (bytes <= limit - seen)
        {
            long found = Interlocked.CompareExchange(ref _shared, seen + bytes, seen);
            if (found == seen)
            {
                return true;
            }

            seen = found;
        }

        return false;
    }

    /// <summary>Gives memory back.</summary>
    public void Release(long bytes) => Interlocked.Add(ref _shared, -bytes);

    /// <summary>Takes memory from the system, for what is reserved already.</summary>
    /// <returns>Null when the system has none.</returns>
    // SAFETY: the block is the caller's until it is handed to NativeMemory.Free, once.
    public void* TryAllocate(long bytes)
    {
        if (grants?.Invoke(bytes) == false)
        {
            return null;
        }

        try
        {
            return NativeMemory.Alloc((nuint)bytes);
        }
        catch (OutOfMemoryException)
        {
            return null;
        }
    }

    /// <summary>Like <see cref="TryAllocate"/>, at a multiple of an alignment.</summary>
    // SAFETY: as for TryAllocate; it is freed by NativeMemory.AlignedFree.
    public void* TryAllocateAligned(long bytes, nuint alignment)
    {
        if (grants?.Invoke(bytes) == false)
        {
            return null;
        }

        try
        {
            return NativeMemory.AlignedAlloc((nuint)bytes, alignment);
        }
        catch (OutOfMemoryException)
        {
            return null;
        }
    }

    /// <summary>Like <see cref="TryAllocate"/>, of whole pages at a multiple of their number.</summary>
    // SAFETY: as for TryAllocate; it is given back by NativePages.Unmap.
    public void* TryMapAligned(nuint bytes) =>
        grants?.Invoke((long)bytes) == false ? null : NativePages.TryMapAligned(bytes);
}
