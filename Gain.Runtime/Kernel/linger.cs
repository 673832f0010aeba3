using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>The value of SO_LINGER, see socket(7).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct linger
{
    public int l_onoff;
    public int l_linger;
}
