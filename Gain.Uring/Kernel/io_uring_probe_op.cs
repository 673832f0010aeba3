using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>One operation of a probe.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct io_uring_probe_op
{
    public byte op;
    public byte resv;
    public ushort flags;
    public uint resv2;
}
