using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>A resource limit, see getrlimit(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct rlimit
{
    public ulong rlim_cur;
    public ulong rlim_max;
}
