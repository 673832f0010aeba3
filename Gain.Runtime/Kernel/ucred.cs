using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>The value of SO_PEERCRED, see unix(7).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ucred
{
    internal int pid;
    internal uint uid;
    internal uint gid;
}
