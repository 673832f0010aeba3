using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>A classic packet filter (linux/filter.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct sock_fprog
{
    internal ushort len;
    internal sock_filter* filter;
}
