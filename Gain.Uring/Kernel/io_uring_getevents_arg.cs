using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>The argument of io_uring_enter(2) with IORING_ENTER_EXT_ARG.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct io_uring_getevents_arg
{
    public ulong sigmask;
    public uint sigmask_sz;
    // 6.12; padding before.
    public uint min_wait_usec;
    // The address of a __kernel_timespec.
    public ulong ts;
}
