namespace Gain.Kernel;

/// <summary>The offsets of mmap(2) on a ring descriptor.</summary>
internal static class IORING_OFF
{
    public const ulong IORING_OFF_SQ_RING = 0;
    public const ulong IORING_OFF_CQ_RING = 0x0800_0000;
    public const ulong IORING_OFF_SQES = 0x1000_0000;
    public const ulong IORING_OFF_PBUF_RING = 0x8000_0000;
    public const int IORING_OFF_PBUF_SHIFT = 16;
    public const ulong IORING_OFF_MMAP_MASK = 0xf800_0000;
}
