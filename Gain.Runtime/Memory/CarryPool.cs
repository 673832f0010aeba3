using System.Numerics;
using System.Runtime.InteropServices;

namespace Gain.Memory;

/// <summary>
/// A worker's memory for received bytes that a connection has to keep, and for large pieces that it writes:
/// blocks of power-of-two sizes, with a stock of free ones that is at most as large as what is in use.
/// </summary>
/// <remarks>
/// A part of the budget can be set aside for it: small blocks come from there when the rest is taken.
/// </remarks>
internal sealed unsafe class CarryPool : IDisposable
{
    private const int MinShift = 8;
    private const int MaxShift = 30;

    /// <summary>The largest block that comes from what is set aside.</summary>
    public const int MaxSmallBytes = 4_096;

    /// <summary>The free memory that may be kept for reuse even when nothing is in use.</summary>
    public const long MinStockBytes = 1 << 20;

    private readonly MemoryBudget _budget;
    private readonly CloseReason _whenRefused;
    private readonly long _setAsideBytes;
    private readonly nint[] _free = new nint[MaxShift + 1];
    private long _inUseBytes;
    private long _ownBytes;

    /// <param name="budget">Where the memory is charged.</param>
    /// <param name="whenRefused">Why a connection is closed that needs more than there is.</param>
    /// <param name="setAsideBytes">What is set aside for small blocks.</param>
    public CarryPool(MemoryBudget budget, CloseReason whenRefused, long setAsideBytes = 0)
    {
        _budget = budget;
        _whenRefused = whenRefused;
        _setAsideBytes = setAsideBytes;
        budget.SetAside(setAsideBytes);
    }

    /// <summary>Blocks handed out and not returned.</summary>
    public int InUse { get; private set; }

    /// <summary>Free memory kept for reuse, in bytes.</summary>
    public long StockBytes { get; private set; }

    /// <summary>
    /// A small block was refused, or came from what is set aside: others hold too much. Whoever acts on it
    /// sets it back.
    /// </summary>
    public bool IsPressed { get; set; }

    /// <summary>Takes a block of at least <paramref name="size"/> bytes (1 to 2³⁰).</summary>
    /// <returns>The block; the caller owns it until <see cref="Return"/>.</returns>
    /// <exception cref="BudgetException">The budget does not allow it, or the system has none.</exception>
    public byte* Rent(int size, out int capacity)
    {
        int shift = Math.Max(MinShift, 32 - BitOperations.LeadingZeroCount((uint)size - 1));
        if (shift > MaxShift)
        {
            throw new InsufficientMemoryException($"A connection cannot hold {size:N0} bytes in one piece.");
        }

        capacity = 1 << shift;
        var block = (nint*)_free[shift];
        if (block is null)
        {
            block = (nint*)Allocate(capacity);
        }
        else
        {
            _free[shift] = *block;
            StockBytes -= capacity;
        }

        InUse++;
        _inUseBytes += capacity;
        return (byte*)block;
    }

    /// <summary>Takes a block back.</summary>
    public void Return(byte* block, int capacity)
    {
        InUse--;
        _inUseBytes -= capacity;
        int shift = BitOperations.Log2((uint)capacity);
        *(nint*)block = _free[shift];
        _free[shift] = (nint)block;
        StockBytes += capacity;
        if (StockBytes > Math.Max(MinStockBytes, _inUseBytes))
        {
            Trim(Math.Max(MinStockBytes, _inUseBytes) / 2);
        }
    }

    // SAFETY: what lent blocks to the kernel has taken them back by now, as those handed out are returned
    // before the pool goes.
    public void Dispose()
    {
        Trim(0);
        _budget.SetAside(-_setAsideBytes);
    }

    private void* Allocate(int capacity)
    {
        if (!TryCharge(capacity))
        {
            throw BudgetException.ForBudget(_whenRefused, capacity, _budget);
        }

        void* block = _budget.TryAllocate(capacity);
        if (block is null)
        {
            Discharge(capacity);
            throw BudgetException.ForSystem(_whenRefused, capacity, _budget);
        }

        return block;
    }

    private bool TryCharge(int capacity)
    {
        if (_budget.TryReserve(capacity))
        {
            return true;
        }

        // Not from memory that lies idle here.
        Trim(0);
        if (_budget.TryReserve(capacity))
        {
            return true;
        }

        if (capacity > MaxSmallBytes)
        {
            return false;
        }

        IsPressed = true;
        if (_ownBytes + capacity > _setAsideBytes)
        {
            return false;
        }

        _ownBytes += capacity;
        _budget.UseSetAside(capacity);
        return true;
    }

    // What is set aside is filled up first. Blocks are not told apart by where they were charged.
    private void Discharge(long bytes)
    {
        if (bytes <= _ownBytes)
        {
            _ownBytes -= bytes;
            _budget.UseSetAside(-bytes);
        }
        else
        {
            _budget.Release(bytes);
        }
    }

    // Frees the largest blocks first, until no more than this is in stock.
    private void Trim(long stockBytes)
    {
        for (int shift = MaxShift; shift >= MinShift && StockBytes > stockBytes; shift--)
        {
            while (_free[shift] != 0 && StockBytes > stockBytes)
            {
                var block = (nint*)_free[shift];
                _free[shift] = *block;
                NativeMemory.Free(block);
                StockBytes -= 1L << shift;
                Discharge(1L << shift);
            }
        }
    }
}
