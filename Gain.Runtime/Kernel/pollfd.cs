using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>One descriptor of poll(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct pollfd
{
    public int fd;
    public short events;
    public short revents;
}
