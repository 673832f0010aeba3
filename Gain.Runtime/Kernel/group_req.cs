using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>A multicast group on one interface (RFC 3678, 5.1).</summary>
[StructLayout(LayoutKind.Explicit, Size = 136)]
internal struct group_req
{
    [FieldOffset(0)] public uint gr_interface;
    [FieldOffset(8)] public sockaddr_storage gr_group;
}
