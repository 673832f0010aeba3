namespace Gain.Kernel;

/// <summary>Zero-copy receive; 6.15.</summary>
internal static class IORING_ZCRX
{
    public const int IORING_ZCRX_AREA_SHIFT = 48;
    public const ulong IORING_ZCRX_AREA_MASK = ~((1ul << IORING_ZCRX_AREA_SHIFT) - 1);
    public const uint IORING_ZCRX_AREA_DMABUF = 1;
    public const uint ZCRX_REG_IMPORT = 1;
    public const uint ZCRX_REG_NODEV = 2;
    public const uint ZCRX_FEATURE_RX_PAGE_SIZE = 1 << 0;
    public const uint ZCRX_CTRL_FLUSH_RQ = 0;
    public const uint ZCRX_CTRL_EXPORT = 1;
}
