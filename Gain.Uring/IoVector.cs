using System.Runtime.InteropServices;

namespace Gain.Uring;

/// <summary>
/// One piece of memory of a reading or writing operation: the <c>struct iovec</c> of readv(2).
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct IoVector
{
    /// <summary>Where it starts. The memory is the caller's, lent for as long as its user says.</summary>
    // SAFETY: the caller's, until the completion of what it is passed to.
    public void* Base;

    /// <summary>Its size in bytes.</summary>
    public nuint Length;

    /// <summary>Describes a piece of memory.</summary>
    /// <param name="memory">Where it starts.</param>
    /// <param name="length">Its size in bytes.</param>
    public IoVector(void* memory, nuint length)
    {
        Base = memory;
        Length = length;
    }
}
