using System.Runtime.InteropServices;

namespace Gain.Uring;

/// <summary>One of the futexes to wait for: the <c>struct futex_waitv</c> of futex_waitv(2).</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct FutexWaiter
{
    /// <summary>The value that it has when there is something to wait for.</summary>
    public ulong Value;

    /// <summary>The futex; its memory stays until the completion.</summary>
    // SAFETY: the caller's, until the completion.
    public uint* Futex;

    /// <summary>FUTEX2_SIZE_U32 (2), with FUTEX2_PRIVATE (128) when no other process uses it.</summary>
    public uint Kind;

    private readonly uint _reserved;
}
