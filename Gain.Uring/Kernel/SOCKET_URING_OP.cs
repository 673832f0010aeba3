namespace Gain.Kernel;

/// <summary><c>io_uring_sqe.cmd_op</c> of URING_CMD on a socket.</summary>
internal static class SOCKET_URING_OP
{
    // 6.7
    public const uint SOCKET_URING_OP_SIOCINQ = 0;

    public const uint SOCKET_URING_OP_SIOCOUTQ = 1;
    public const uint SOCKET_URING_OP_GETSOCKOPT = 2;
    public const uint SOCKET_URING_OP_SETSOCKOPT = 3;

    // 6.16
    public const uint SOCKET_URING_OP_TX_TIMESTAMP = 4;

    // 6.19
    public const uint SOCKET_URING_OP_GETSOCKNAME = 5;
}
