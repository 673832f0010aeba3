using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>The head of a buffer ring, which lies over its first <see cref="io_uring_buf"/>.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct io_uring_buf_ring
{
    [FieldOffset(0)] public ulong resv1;
    [FieldOffset(8)] public uint resv2;
    [FieldOffset(12)] public ushort resv3;
    [FieldOffset(14)] public ushort tail;

    // The first of the buffers.
    [FieldOffset(0)] public io_uring_buf bufs;
}
