using System.Runtime.InteropServices;

namespace Gain.Uring;

/// <summary>How openat2(2) opens a file: its <c>struct open_how</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct OpenHow
{
    /// <summary>O_* flags.</summary>
    public ulong Flags;

    /// <summary>The permissions of a file that is created; otherwise 0.</summary>
    public ulong Mode;

    /// <summary>RESOLVE_* flags: the limits to how the path is resolved.</summary>
    public ulong Resolve;
}
