namespace Gain.Kernel;

/// <summary>The flags of POLL_ADD and POLL_REMOVE, in <c>io_uring_sqe.len</c>.</summary>
internal static class IORING_POLL
{
    public const uint IORING_POLL_ADD_MULTI = 1u << 0;
    public const uint IORING_POLL_UPDATE_EVENTS = 1u << 1;
    public const uint IORING_POLL_UPDATE_USER_DATA = 1u << 2;
    public const uint IORING_POLL_ADD_LEVEL = 1u << 3;
}
