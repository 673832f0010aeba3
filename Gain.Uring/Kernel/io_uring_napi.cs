using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>The argument of IORING_(UN)REGISTER_NAPI.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct io_uring_napi
{
    [FieldOffset(0)] public uint busy_poll_to;
    [FieldOffset(4)] public byte prefer_busy_poll;
    [FieldOffset(8)] public ulong resv;
}
