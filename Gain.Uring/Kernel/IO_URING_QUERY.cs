namespace Gain.Kernel;

/// <summary><c>io_uring_query_hdr.query_op</c>.</summary>
internal static class IO_URING_QUERY
{
    // 6.18
    public const uint IO_URING_QUERY_OPCODES = 0;

    // 6.19
    public const uint IO_URING_QUERY_ZCRX = 1;

    public const uint IO_URING_QUERY_SCQ = 2;
}
