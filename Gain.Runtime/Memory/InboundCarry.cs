using System.Numerics;
using System.Runtime.InteropServices;
using Gain.Slots;

namespace Gain.Memory;

/// <summary>
/// Received bytes that a connection keeps: the beginning of an unfinished frame, what <c>OnRead</c> left
/// unconsumed, or what arrived while reading was paused. It holds memory only while it holds bytes.
/// </summary>
/// <remarks>Part of <see cref="Slot"/>, hence the packing.</remarks>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct InboundCarry
{
    // SAFETY: a block of the worker's CarryPool, this connection's until it is empty; null while it is.
    private byte* _data;

    /// <summary>The bytes held.</summary>
    public int Length;

    // The block's size is 2 to this power; without a block it is not looked at.
    private byte _capacityShift;

    private readonly int Capacity => _data is null ? 0 : 1 << _capacityShift;

    /// <summary>The bytes held. Valid until the carry changes.</summary>
    public readonly ReadOnlySpan<byte> Span => new(_data, Length);

    /// <summary>Appends a copy of some bytes.</summary>
    public void Append(CarryPool pool, ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return;
        }

        if (Capacity - Length < data.Length)
        {
            Grow(pool, checked(Length + data.Length));
        }

        data.CopyTo(new Span<byte>(_data + Length, data.Length));
        Length += data.Length;
    }

    /// <summary>Removes bytes from the front.</summary>
    public void Consume(CarryPool pool, int count)
    {
        if ((uint)count > (uint)Length)
        {
            throw new InvalidOperationException(
                $"{count:N0} bytes were consumed of a carry that holds {Length:N0}.");
        }

        if (count == Length)
        {
            Clear(pool);
            return;
        }

        if (count > 0)
        {
            Span[count..].CopyTo(new Span<byte>(_data, Length - count));
            Length -= count;
        }
    }

    /// <summary>Drops all bytes and gives the memory back.</summary>
    public void Clear(CarryPool pool)
    {
        if (_data is not null)
        {
            pool.Return(_data, Capacity);
            this = default;
        }
    }

    private void Grow(CarryPool pool, int size)
    {
        byte* larger = pool.Rent(size, out int capacity);
        Span.CopyTo(new Span<byte>(larger, capacity));
        if (_data is not null)
        {
            pool.Return(_data, Capacity);
        }

        _data = larger;
        _capacityShift = (byte)BitOperations.Log2((uint)capacity);
    }
}
