namespace Gain.Kernel;

/// <summary><c>io_uring_params.features</c>: what the kernel tells about itself.</summary>
internal static class IORING_FEAT
{
    // 5.4
    public const uint IORING_FEAT_SINGLE_MMAP = 1u << 0;

    // 5.5
    public const uint IORING_FEAT_NODROP = 1u << 1;

    public const uint IORING_FEAT_SUBMIT_STABLE = 1u << 2;

    // 5.6
    public const uint IORING_FEAT_RW_CUR_POS = 1u << 3;

    public const uint IORING_FEAT_CUR_PERSONALITY = 1u << 4;

    // 5.7
    public const uint IORING_FEAT_FAST_POLL = 1u << 5;

    // 5.9
    public const uint IORING_FEAT_POLL_32BITS = 1u << 6;

    // 5.11
    public const uint IORING_FEAT_SQPOLL_NONFIXED = 1u << 7;

    public const uint IORING_FEAT_EXT_ARG = 1u << 8;

    // 5.12
    public const uint IORING_FEAT_NATIVE_WORKERS = 1u << 9;

    // 5.13
    public const uint IORING_FEAT_RSRC_TAGS = 1u << 10;

    // 5.17
    public const uint IORING_FEAT_CQE_SKIP = 1u << 11;

    public const uint IORING_FEAT_LINKED_FILE = 1u << 12;

    // 6.3
    public const uint IORING_FEAT_REG_REG_RING = 1u << 13;

    // 6.10
    public const uint IORING_FEAT_RECVSEND_BUNDLE = 1u << 14;

    // 6.12
    public const uint IORING_FEAT_MIN_TIMEOUT = 1u << 15;

    // 6.14
    public const uint IORING_FEAT_RW_ATTR = 1u << 16;

    // 6.15
    public const uint IORING_FEAT_NO_IOWAIT = 1u << 17;
}
