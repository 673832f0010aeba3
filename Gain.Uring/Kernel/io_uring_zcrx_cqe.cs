using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>The second half of a zero-copy receive's completion; 6.15.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct io_uring_zcrx_cqe
{
    [FieldOffset(0)] public ulong off;
    [FieldOffset(8)] public ulong __pad;
}
