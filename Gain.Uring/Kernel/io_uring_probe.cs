using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>
/// The argument of IORING_REGISTER_PROBE; an array of <see cref="io_uring_probe_op"/> follows it.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct io_uring_probe
{
    [FieldOffset(0)] public byte last_op;
    [FieldOffset(1)] public byte ops_len;
    [FieldOffset(2)] public ushort resv;
}
