using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>
/// The name of a Unix socket (unix(7)): a path that ends with a NUL, or one that begins with a NUL and is
/// an abstract name, as long as the address says.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct sockaddr_un
{
    internal const int PathBytes = 108;

    internal ushort sun_family;
    internal fixed byte sun_path[PathBytes];
}
