using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>The argument of IORING_REGISTER_CLOCK.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct io_uring_clock_register
{
    [FieldOffset(0)] public uint clockid;
}
