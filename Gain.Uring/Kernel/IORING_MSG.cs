namespace Gain.Kernel;

/// <summary>MSG_RING: the command in <c>io_uring_sqe.addr</c>, and <c>msg_ring_flags</c>.</summary>
internal static class IORING_MSG
{
    // len becomes the result, off the user_data.
    public const uint IORING_MSG_DATA = 0;

    // 6.0: passes a direct descriptor.
    public const uint IORING_MSG_SEND_FD = 1;

    // Flag: no CQE on the target ring; not for MSG_DATA.
    public const uint IORING_MSG_RING_CQE_SKIP = 1u << 0;

    // Flag, 6.3: file_index becomes the CQE's flags.
    public const uint IORING_MSG_RING_FLAGS_PASS = 1u << 1;
}
