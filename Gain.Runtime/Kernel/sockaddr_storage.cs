using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>Room for the address of any family, aligned for each (socket(7)).</summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal struct sockaddr_storage
{
    [FieldOffset(0)]
    internal ushort ss_family;

    // As in the kernel's own definition, this member is there for its alignment alone.
    [FieldOffset(120)]
    internal ulong ss_align;
}
