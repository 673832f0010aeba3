using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>The argument of IORING_(UN)REGISTER_PBUF_RING.</summary>
[StructLayout(LayoutKind.Explicit, Size = 40)]
internal struct io_uring_buf_reg
{
    [FieldOffset(0)] public ulong ring_addr;
    [FieldOffset(8)] public uint ring_entries;
    [FieldOffset(12)] public ushort bgid;
    [FieldOffset(14)] public ushort flags;

    // Newer than 6.19; reserved before.
    [FieldOffset(16)] public uint min_left;
}
