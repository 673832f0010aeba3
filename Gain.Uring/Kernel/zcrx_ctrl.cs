using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>The argument of IORING_REGISTER_ZCRX_CTRL; 6.19.</summary>
[StructLayout(LayoutKind.Explicit, Size = 72)]
internal struct zcrx_ctrl
{
    [FieldOffset(0)] public uint zcrx_id;
    [FieldOffset(4)] public uint op;
    [FieldOffset(24)] public uint zcrx_fd;
}
