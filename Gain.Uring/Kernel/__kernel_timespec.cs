using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>A time with 64-bit seconds on every architecture.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct __kernel_timespec
{
    public long tv_sec;
    public long tv_nsec;
}
