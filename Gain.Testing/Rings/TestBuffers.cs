using System.Runtime.InteropServices;
using Gain.Rings;

namespace Gain.Testing.Rings;

/// <summary>The receive buffers of a ring.</summary>
internal sealed unsafe class TestBuffers : IDisposable
{
    private readonly int _size;
    private readonly ushort[] _free;
    private int _freeCount;
    private int _lent;

    // SAFETY: this object's, until Dispose.
    private byte* _memory;

    public TestBuffers(RingSettings settings)
    {
        _size = settings.BufferBytes;
        _free = new ushort[settings.BufferCount];
        foreach (ref ushort id in _free.AsSpan())
        {
            id = (ushort)_freeCount++;
        }

        _memory = (byte*)NativeMemory.Alloc((nuint)settings.BufferCount, (nuint)settings.BufferBytes);
    }

    public bool IsEmpty => _freeCount == 0;

    public int Size => _size;

    /// <summary>How many the worker has.</summary>
    public int Lent => _lent;

    /// <summary>Takes a free one and fills it.</summary>
    public ushort Fill(ReadOnlySpan<byte> bytes)
    {
        ushort id = _free[--_freeCount];
        bytes.CopyTo(new Span<byte>(At(id), _size));
        return id;
    }

    /// <summary>The worker has the completion that carries it.</summary>
    public void Lend() => _lent++;

    public ReadOnlySpan<byte> Read(ushort id, int length) => new(At(id), length);

    public void Recycle(ushort id)
    {
        _lent--;
        _free[_freeCount++] = id;
    }

    public void Dispose()
    {
        NativeMemory.Free(_memory);
        _memory = null;
    }

    private byte* At(ushort id) => _memory + ((long)id * _size);
}
