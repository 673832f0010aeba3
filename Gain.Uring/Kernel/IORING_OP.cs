namespace Gain.Kernel;

/// <summary>The operations: <c>io_uring_sqe.opcode</c>, in the order in which kernels gained them.</summary>
internal static class IORING_OP
{
    // 5.1
    public const byte IORING_OP_NOP = 0;

    public const byte IORING_OP_READV = 1;
    public const byte IORING_OP_WRITEV = 2;
    public const byte IORING_OP_FSYNC = 3;
    public const byte IORING_OP_READ_FIXED = 4;
    public const byte IORING_OP_WRITE_FIXED = 5;
    public const byte IORING_OP_POLL_ADD = 6;
    public const byte IORING_OP_POLL_REMOVE = 7;

    // 5.2
    public const byte IORING_OP_SYNC_FILE_RANGE = 8;

    // 5.3
    public const byte IORING_OP_SENDMSG = 9;

    public const byte IORING_OP_RECVMSG = 10;

    // 5.4
    public const byte IORING_OP_TIMEOUT = 11;

    // 5.5
    public const byte IORING_OP_TIMEOUT_REMOVE = 12;

    public const byte IORING_OP_ACCEPT = 13;
    public const byte IORING_OP_ASYNC_CANCEL = 14;
    public const byte IORING_OP_LINK_TIMEOUT = 15;
    public const byte IORING_OP_CONNECT = 16;

    // 5.6
    public const byte IORING_OP_FALLOCATE = 17;

    public const byte IORING_OP_OPENAT = 18;
    public const byte IORING_OP_CLOSE = 19;
    public const byte IORING_OP_FILES_UPDATE = 20;
    public const byte IORING_OP_STATX = 21;
    public const byte IORING_OP_READ = 22;
    public const byte IORING_OP_WRITE = 23;
    public const byte IORING_OP_FADVISE = 24;
    public const byte IORING_OP_MADVISE = 25;
    public const byte IORING_OP_SEND = 26;
    public const byte IORING_OP_RECV = 27;
    public const byte IORING_OP_OPENAT2 = 28;
    public const byte IORING_OP_EPOLL_CTL = 29;

    // 5.7
    public const byte IORING_OP_SPLICE = 30;

    public const byte IORING_OP_PROVIDE_BUFFERS = 31;
    public const byte IORING_OP_REMOVE_BUFFERS = 32;

    // 5.8
    public const byte IORING_OP_TEE = 33;

    // 5.11
    public const byte IORING_OP_SHUTDOWN = 34;

    public const byte IORING_OP_RENAMEAT = 35;
    public const byte IORING_OP_UNLINKAT = 36;

    // 5.15
    public const byte IORING_OP_MKDIRAT = 37;

    public const byte IORING_OP_SYMLINKAT = 38;
    public const byte IORING_OP_LINKAT = 39;

    // 5.18
    public const byte IORING_OP_MSG_RING = 40;

    // 5.19
    public const byte IORING_OP_FSETXATTR = 41;

    public const byte IORING_OP_SETXATTR = 42;
    public const byte IORING_OP_FGETXATTR = 43;
    public const byte IORING_OP_GETXATTR = 44;
    public const byte IORING_OP_SOCKET = 45;
    public const byte IORING_OP_URING_CMD = 46;

    // 6.0
    public const byte IORING_OP_SEND_ZC = 47;

    // 6.1
    public const byte IORING_OP_SENDMSG_ZC = 48;

    // 6.7
    public const byte IORING_OP_READ_MULTISHOT = 49;

    public const byte IORING_OP_WAITID = 50;
    public const byte IORING_OP_FUTEX_WAIT = 51;
    public const byte IORING_OP_FUTEX_WAKE = 52;
    public const byte IORING_OP_FUTEX_WAITV = 53;

    // 6.8
    public const byte IORING_OP_FIXED_FD_INSTALL = 54;

    // 6.9
    public const byte IORING_OP_FTRUNCATE = 55;

    // 6.11
    public const byte IORING_OP_BIND = 56;

    public const byte IORING_OP_LISTEN = 57;

    // 6.15
    public const byte IORING_OP_RECV_ZC = 58;

    public const byte IORING_OP_EPOLL_WAIT = 59;
    public const byte IORING_OP_READV_FIXED = 60;
    public const byte IORING_OP_WRITEV_FIXED = 61;

    // 6.16
    public const byte IORING_OP_PIPE = 62;

    // 6.19, on rings with 128-byte SQEs
    public const byte IORING_OP_NOP128 = 63;

    public const byte IORING_OP_URING_CMD128 = 64;
}
