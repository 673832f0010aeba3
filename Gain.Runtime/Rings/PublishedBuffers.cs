using System.Runtime.CompilerServices;
using Gain.Uring;

namespace Gain.Rings;

/// <summary>
/// A ring's receive buffers: few are the kernel's, and the others lie in a reserve, from which the one that
/// came back last goes out first.
/// </summary>
/// <remarks>
/// The kernel takes buffers in the order in which they were given. If it had all, each receive would write
/// to the one that has not been used for longest, and the whole pool would pass through the CPU's cache. It
/// gets twice as many when half of them were taken between two batches, and fewer again after a long time
/// with less. Decision 0027.
/// </remarks>
internal unsafe struct PublishedBuffers : IDisposable
{
    /// <summary>The fewest that are published, where there are as many.</summary>
    public const int Fewest = 64;

    /// <summary>So many batches with receives are looked at before fewer are published.</summary>
    public const int Window = 4_096;

    private const ushort Group = 0;
    private const int CacheLine = 64;

    private readonly int _count;
    private readonly int _bytes;

    // The distance of buffers is their size and one cache line, so that their first lines fall into
    // different cache sets: at a power of two, small messages would keep evicting each other.
    private readonly int _stride;
    private readonly nuint _poolBytes;

    // SAFETY: the mapping is this object's until Dispose; the kernel writes to the buffers that it was given.
    private readonly byte* _pool;
    private readonly BufferRing _ring;

    // The reserve: the top of it is the one that came back last.
    private readonly ushort[] _free;
    private int _freeCount;

    // In the reserve when the last batch ended.
    private int _left;
    private int _target;
    private int _batches;
    private int _mostTaken;

    public PublishedBuffers(Ring ring, int count, int bytes)
    {
        _count = count;
        _bytes = bytes;
        _stride = bytes + CacheLine;
        _poolBytes = (nuint)count * (nuint)_stride;
        _free = new ushort[count];
        for (int i = 0; i < count; i++)
        {
            _free[i] = (ushort)(count - 1 - i);
        }

        _freeCount = count;
        _target = Math.Min(count, Fewest);
        _pool = (byte*)NativePages.Map(_poolBytes);
        try
        {
            _ring = ring.RegisterBufferRing(Group, (ushort)count);
        }
        catch
        {
            NativePages.Unmap(_pool, _poolBytes);
            throw;
        }

        Fill();
    }

    /// <summary>Has a receive take its buffers from here.</summary>
    public static void SetGroup(SubmissionEntry entry) => entry.SetBufferGroup(Group);

    // SAFETY: the kernel has filled the buffer and gave it to us; it is ours until Recycle.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ReadOnlySpan<byte> At(ushort id, int length) => new(_pool + ((long)id * _stride), length);

    /// <summary>Takes a buffer back into the reserve.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Recycle(ushort id) => _free[_freeCount++] = id;

    /// <summary>A batch ends: as many as came back go out again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish()
    {
        if (_freeCount != _left)
        {
            Adapt(_freeCount - _left);
            Fill();
        }
    }

    /// <summary>How many are with the worker; 0 where the kernel cannot tell.</summary>
    public readonly int CountLent() =>
        _ring.TryCountAvailable(out int available) ? _count - _freeCount - available : 0;

    /// <summary>Releases the buffers; no receive may be in flight. A default value has none.</summary>
    public readonly void Dispose()
    {
        _ring?.Dispose();
        NativePages.Unmap(_pool, _poolBytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Adapt(int taken)
    {
        _mostTaken = Math.Max(_mostTaken, taken);
        if (taken * 2 > _target || ++_batches == Window)
        {
            Resize();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Resize()
    {
        if (_mostTaken * 2 > _target)
        {
            _target = Math.Min(_count, _target * 2);
        }
        else if (_mostTaken * 8 < _target)
        {
            _target = Math.Max(_target / 2, Math.Min(_count, Fewest));
        }

        _mostTaken = 0;
        _batches = 0;
    }

    private void Fill()
    {
        int reserved = Math.Max(0, _count - _target);
        if (_freeCount > reserved)
        {
            do
            {
                ushort id = _free[--_freeCount];
                _ring.Add(_pool + ((long)id * _stride), (uint)_bytes, id);
            }
            while (_freeCount > reserved);
            _ring.Publish();
        }

        _left = _freeCount;
    }
}
