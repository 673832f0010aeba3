using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>An instruction of a classic packet filter (linux/filter.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct sock_filter
{
    internal ushort code;
    internal byte jt;
    internal byte jf;
    internal uint k;
}
