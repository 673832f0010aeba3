using System.Diagnostics;
using Gain.Rings;

namespace Gain.Connections;

/// <summary>
/// What had arrived for each connection when a stop began and is not delivered yet. Its pages take memory
/// only when a stop uses them.
/// </summary>
/// <remarks>The worker's thread alone touches it.</remarks>
internal sealed unsafe class ArrivedBytes(int capacity) : IDisposable
{
    // SAFETY: the mapping is this object's until Dispose, on the worker's thread.
    private int* _bytes = (int*)NativePages.Map((nuint)capacity * sizeof(int));

    /// <summary>The bytes of a slot's connection; 0 or less when nothing is left.</summary>
    public ref int this[int slot]
    {
        get
        {
            Debug.Assert((uint)slot < (uint)capacity);
            return ref _bytes[slot];
        }
    }

    public void Dispose()
    {
        NativePages.Unmap(_bytes, (nuint)capacity * sizeof(int));
        _bytes = null;
    }
}
