using System.Runtime.InteropServices;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>Equal pieces of native memory, for a buffer ring or one at a time.</summary>
internal sealed unsafe class NativeBuffers : IDisposable
{
    private readonly byte* _memory;
    private readonly int _size;

    internal NativeBuffers(int count, int size)
    {
        _memory = (byte*)NativeMemory.AllocZeroed((nuint)count, (nuint)size);
        _size = size;
    }

    internal byte* At(int index) => _memory + (index * _size);

    internal byte[] Copy(int index, int length) => new ReadOnlySpan<byte>(At(index), length).ToArray();

    internal void Add(BufferRing ring, ushort id) => ring.Add(At(id), (uint)_size, id);

    public void Dispose() => NativeMemory.Free(_memory);
}
