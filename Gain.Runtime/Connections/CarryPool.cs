using System.Numerics;
using System.Runtime.InteropServices;

namespace Gain.Connections;

/// <summary>
/// A worker's memory for received bytes that a connection has to keep, and for large pieces that it writes:
/// blocks of power-of-two sizes, with a bounded stock of free ones.
/// </summary>
internal sealed unsafe class CarryPool : IDisposable
{
    private const int MinShift = 8;
    private const int MaxShift = 30;

    /// <summary>The most free memory kept for reuse; the rest goes back to the allocator.</summary>
    public const long MaxStockBytes = 16 << 20;

    private readonly nint[] _free = new nint[MaxShift + 1];
    private long _stockBytes;

    /// <summary>Blocks handed out and not returned.</summary>
    public int InUse { get; private set; }

    /// <summary>Takes a block of at least <paramref name="size"/> bytes (1 to 2³⁰).</summary>
    /// <returns>The block; the caller owns it until <see cref="Return"/>.</returns>
    public byte* Rent(int size, out int capacity)
    {
        int shift = Math.Max(MinShift, 32 - BitOperations.LeadingZeroCount((uint)size - 1));
        if (shift > MaxShift)
        {
            throw new InsufficientMemoryException($"A connection cannot hold {size:N0} bytes in one piece.");
        }

        capacity = 1 << shift;
        InUse++;
        var block = (nint*)_free[shift];
        if (block is null)
        {
            return (byte*)NativeMemory.Alloc((nuint)capacity);
        }

        _free[shift] = *block;
        _stockBytes -= capacity;
        return (byte*)block;
    }

    /// <summary>Takes a block back.</summary>
    public void Return(byte* block, int capacity)
    {
        InUse--;
        if (_stockBytes + capacity > MaxStockBytes)
        {
            NativeMemory.Free(block);
            return;
        }

        int shift = BitOperations.Log2((uint)capacity);
        *(nint*)block = _free[shift];
        _free[shift] = (nint)block;
        _stockBytes += capacity;
    }

    // SAFETY: blocks are never lent to the kernel; those handed out are returned before the pool goes.
    public void Dispose()
    {
        for (int shift = 0; shift < _free.Length; shift++)
        {
            for (var block = (nint*)_free[shift]; block is not null;)
            {
                var next = (nint*)*block;
                NativeMemory.Free(block);
                block = next;
            }

            _free[shift] = 0;
        }
    }
}
