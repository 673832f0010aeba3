using System.Runtime.CompilerServices;

namespace Gain.Rings;

/// <summary>
/// The receive buffers of an emulated ring. The one that came back last is the next to be used, as it is
/// still in the CPU's cache.
/// </summary>
internal sealed unsafe class ReceiveBuffers : IDisposable
{
    private const int CacheLine = 64;

    private readonly ushort[] _free;
    private readonly nuint _poolBytes;

    // The distance of buffers is their size and one cache line, so that their first lines fall into
    // different cache sets: at a power of two, small messages would keep evicting each other.
    private readonly int _stride;

    // SAFETY: the mapping is this object's until Dispose, on the worker's thread.
    private byte* _pool;

    public ReceiveBuffers(int count, int bytes)
    {
        Bytes = bytes;
        _stride = bytes + CacheLine;
        _poolBytes = (nuint)count * (nuint)_stride;
        _free = new ushort[count];
        for (int i = 0; i < count; i++)
        {
            // The first to be taken is the last one here.
            _free[count - 1 - i] = (ushort)i;
        }

        Free = count;
        _pool = (byte*)NativePages.Map(_poolBytes);
    }

    /// <summary>The size of each.</summary>
    public int Bytes { get; }

    /// <summary>How many there are.</summary>
    public int Count => _free.Length;

    /// <summary>How many are not lent.</summary>
    public int Free { get; private set; }

    /// <summary>
    /// Whether enough are free to let one connection fill several of them in a turn.
    /// </summary>
    public bool HasPlenty => Free > Count / 2;

    // SAFETY: the buffer is the taker's until it gives it back.
    public byte* At(ushort id) => _pool + ((nint)id * _stride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(out ushort id)
    {
        if (Free == 0)
        {
            id = 0;
            return false;
        }

        id = _free[--Free];
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Return(ushort id) => _free[Free++] = id;

    public void Dispose()
    {
        NativePages.Unmap(_pool, _poolBytes);
        _pool = null;
    }
}
