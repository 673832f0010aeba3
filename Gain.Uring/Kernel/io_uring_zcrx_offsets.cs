using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>Where the fields of a refill queue are; 6.15.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct io_uring_zcrx_offsets
{
    [FieldOffset(0)] public uint head;
    [FieldOffset(4)] public uint tail;
    [FieldOffset(8)] public uint rqes;
    [FieldOffset(12)] public uint __resv2;
}
