using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>An entry of a refill queue: memory that goes back to the kernel; 6.15.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct io_uring_zcrx_rqe
{
    [FieldOffset(0)] public ulong off;
    [FieldOffset(8)] public uint len;
    [FieldOffset(12)] public uint __pad;
}
