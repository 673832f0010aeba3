namespace Gain.Kernel;

/// <summary>The operations of io_uring_register(2).</summary>
internal static class IORING_REGISTER
{
    // 5.1
    public const uint IORING_REGISTER_BUFFERS = 0;

    public const uint IORING_UNREGISTER_BUFFERS = 1;
    public const uint IORING_REGISTER_FILES = 2;
    public const uint IORING_UNREGISTER_FILES = 3;

    // 5.2
    public const uint IORING_REGISTER_EVENTFD = 4;

    public const uint IORING_UNREGISTER_EVENTFD = 5;

    // 5.5
    public const uint IORING_REGISTER_FILES_UPDATE = 6;

    // 5.6
    public const uint IORING_REGISTER_EVENTFD_ASYNC = 7;

    public const uint IORING_REGISTER_PROBE = 8;
    public const uint IORING_REGISTER_PERSONALITY = 9;
    public const uint IORING_UNREGISTER_PERSONALITY = 10;

    // 5.10
    public const uint IORING_REGISTER_RESTRICTIONS = 11;

    public const uint IORING_REGISTER_ENABLE_RINGS = 12;

    // 5.13: with tags.
    public const uint IORING_REGISTER_FILES2 = 13;

    public const uint IORING_REGISTER_FILES_UPDATE2 = 14;
    public const uint IORING_REGISTER_BUFFERS2 = 15;
    public const uint IORING_REGISTER_BUFFERS_UPDATE = 16;

    // 5.14
    public const uint IORING_REGISTER_IOWQ_AFF = 17;

    public const uint IORING_UNREGISTER_IOWQ_AFF = 18;

    // 5.15
    public const uint IORING_REGISTER_IOWQ_MAX_WORKERS = 19;

    // 5.18
    public const uint IORING_REGISTER_RING_FDS = 20;

    public const uint IORING_UNREGISTER_RING_FDS = 21;

    // 5.19
    public const uint IORING_REGISTER_PBUF_RING = 22;

    public const uint IORING_UNREGISTER_PBUF_RING = 23;

    // 6.0
    public const uint IORING_REGISTER_SYNC_CANCEL = 24;

    public const uint IORING_REGISTER_FILE_ALLOC_RANGE = 25;

    // 6.8
    public const uint IORING_REGISTER_PBUF_STATUS = 26;

    // 6.9
    public const uint IORING_REGISTER_NAPI = 27;

    public const uint IORING_UNREGISTER_NAPI = 28;

    // 6.12
    public const uint IORING_REGISTER_CLOCK = 29;

    public const uint IORING_REGISTER_CLONE_BUFFERS = 30;

    // 6.13, on fd -1: MSG_RING without a ring of one's own.
    public const uint IORING_REGISTER_SEND_MSG_RING = 31;

    // 6.15
    public const uint IORING_REGISTER_ZCRX_IFQ = 32;

    // 6.13
    public const uint IORING_REGISTER_RESIZE_RINGS = 33;

    public const uint IORING_REGISTER_MEM_REGION = 34;

    // 6.18
    public const uint IORING_REGISTER_QUERY = 35;

    // 6.19
    public const uint IORING_REGISTER_ZCRX_CTRL = 36;

    // Newer than 6.19
    public const uint IORING_REGISTER_BPF_FILTER = 37;

    // 6.3, added to an operation: the fd is the index of a registered ring.
    public const uint IORING_REGISTER_USE_REGISTERED_RING = 1u << 31;

    // Leaves a file slot as it is.
    public const int IORING_REGISTER_FILES_SKIP = -2;
}
