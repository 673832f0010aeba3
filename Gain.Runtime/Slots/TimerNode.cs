using System.Runtime.InteropServices;

namespace Gain.Slots;

/// <summary>One timer of a <see cref="TimerWheel"/>. All zero: not armed.</summary>
/// <remarks>
/// <code>
/// packed   63           48 47                                        0
///          bucket + 1      due, in milliseconds of the worker's clock
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct TimerNode
{
    public const int Bytes = 16;

    private const int DueBits = 48;
    private const ulong DueMask = (1UL << DueBits) - 1;

    /// <summary>The neighbours in the bucket's list.</summary>
    public int Next;
    public int Previous;

    private ulong _packed;

    public readonly bool IsArmed => _packed != 0;

    public readonly long DueMs => (long)(_packed & DueMask);

    public readonly int Bucket => (int)(_packed >> DueBits) - 1;

    public void Set(int bucket, long dueMs) => _packed = ((ulong)(bucket + 1) << DueBits) | (ulong)dueMs;

    public void Clear() => _packed = 0;
}
