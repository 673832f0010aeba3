using System.Numerics;
using System.Runtime.InteropServices;

namespace Gain.Connections;

/// <summary>
/// A worker's memory for received bytes that a connection has to keep, and for large pieces that it writes:
/// blocks of power-of-two sizes, with a stock of free ones that is at most as large as what is in use.
/// </summary>
internal sealed unsafe class CarryPool(MemoryBudget budget, CloseReason whenRefused) : IDisposable
{
    private const int MinShift = 8;
    private const int MaxShift = 30;

    /// <summary>The free memory that may be kept for reuse even when nothing is in use.</summary>
    public const long MinStockBytes = 1 << 20;

    private readonly nint[] _free = new nint[MaxShift + 1];
    private long _inUseBytes;

    /// <summary>Blocks handed out and not returned.</summary>
    public int InUse { get; private set; }

    /// <summary>Free memory kept for reuse, in bytes.</summary>
    public long StockBytes { get; private set; }

    /// <summary>Takes a block of at least <paramref name="size"/> bytes (1 to 2³⁰).</summary>
    /// <returns>The block; the caller owns it until <see cref="Return"/>.</returns>
    /// <exception cref="BudgetException">The budget does not allow it.</exception>
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
    public void Dispose() => Trim(0);

    private void* Allocate(int capacity)
    {
        if (!budget.TryReserve(capacity))
        {
            // Not from memory that lies idle here.
            Trim(0);
            if (!budget.TryReserve(capacity))
            {
                throw new BudgetException(whenRefused, capacity, budget);
            }
        }

        return NativeMemory.Alloc((nuint)capacity);
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
                budget.Release(1L << shift);
            }
        }
    }
}
