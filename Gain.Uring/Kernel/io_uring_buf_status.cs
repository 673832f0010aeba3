using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>The argument of IORING_REGISTER_PBUF_STATUS.</summary>
[StructLayout(LayoutKind.Explicit, Size = 40)]
internal struct io_uring_buf_status
{
    [FieldOffset(0)] public uint buf_group;
    [FieldOffset(4)] public uint head;
}
