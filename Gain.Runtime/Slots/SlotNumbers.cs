using System.Diagnostics;
using Gain.Rings;

namespace Gain.Slots;

/// <summary>
/// A number for each slot, beside the slab: for what few connections need, or only at times. Its pages take
/// memory only when they are used.
/// </summary>
/// <remarks>The worker's thread alone touches it.</remarks>
internal sealed unsafe class SlotNumbers(int capacity) : IDisposable
{
    // SAFETY: the mapping is this object's until Dispose, on the worker's thread.
    private int* _numbers = (int*)NativePages.Map((nuint)capacity * sizeof(int));

    /// <summary>The number of a slot; 0 at first.</summary>
    public ref int this[int slot]
    {
        get
        {
            Debug.Assert((uint)slot < (uint)capacity);
            return ref _numbers[slot];
        }
    }

    public void Dispose()
    {
        NativePages.Unmap(_numbers, (nuint)capacity * sizeof(int));
        _numbers = null;
    }
}
