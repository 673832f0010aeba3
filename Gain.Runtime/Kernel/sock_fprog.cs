using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>A classic packet filter (linux/filter.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct sock_fprog
{
    internal ushort len;
    // SAFETY: the caller's; setsockopt(2) copies the program.
    internal sock_filter* filter;
}
