using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>A time stamp in a 32-byte completion; 6.16.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct io_timespec
{
    [FieldOffset(0)] public ulong tv_sec;
    [FieldOffset(8)] public ulong tv_nsec;
}
