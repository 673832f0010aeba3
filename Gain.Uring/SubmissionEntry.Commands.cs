using System.Runtime.CompilerServices;
using Gain.Kernel;
using static Gain.Kernel.IORING_OP;

namespace Gain.Uring;

public readonly unsafe ref partial struct SubmissionEntry
{
    /// <summary>
    /// A command of the descriptor's own kind (a driver, a socket); what it takes goes into the entry's
    /// other fields and into <see cref="Command"/>. EOPNOTSUPP when the file has no commands. Linux 5.19,
    /// io_uring_prep_uring_cmd(3).
    /// </summary>
    /// <param name="command">Its number.</param>
    /// <param name="fd">The descriptor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepUringCmd(uint command, int fd)
    {
        _sqe->opcode = IORING_OP_URING_CMD;
        _sqe->fd = fd;
        _sqe->cmd_op = command;
    }

    /// <summary>
    /// A command on a socket: the bytes that wait in its queues (results), or its options, as getsockopt(2)
    /// and setsockopt(2) have them. Of options the kernel reads those of SOL_SOCKET only, and writes all.
    /// Linux 6.7, io_uring_prep_cmd_sock(3).
    /// </summary>
    /// <param name="command">What to do.</param>
    /// <param name="fd">A socket.</param>
    /// <param name="level">The option's level, as SOL_SOCKET (1); 0 for the others.</param>
    /// <param name="option">The option, as SO_TYPE (3).</param>
    /// <param name="value">Where its value is or goes; the kernel uses it until the completion.</param>
    /// <param name="length">
    /// Its size in bytes; of GetOption, the result is the size that was written.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepCmdSock(SocketCommand command, int fd, int level, int option, void* value, int length)
    {
        PrepUringCmd((uint)command, fd);
        _sqe->level = (uint)level;
        _sqe->optname = (uint)option;
        _sqe->optlen = (uint)length;
        _sqe->optval = (ulong)value;
    }

    /// <summary>
    /// Tells a socket's own address, or its peer's. Linux 6.19 (EOPNOTSUPP before),
    /// io_uring_prep_cmd_getsockname(3), getsockname(2), getpeername(2).
    /// </summary>
    /// <param name="fd">A socket.</param>
    /// <param name="address">Where the <c>sockaddr</c> goes; the kernel uses it until the completion.</param>
    /// <param name="addressLength">The room there is for it, then its size.</param>
    /// <param name="peer">The peer's instead of the socket's own.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepCmdGetsockname(int fd, void* address, uint* addressLength, bool peer)
    {
        PrepUringCmd(SOCKET_URING_OP.SOCKET_URING_OP_GETSOCKNAME, fd);
        _sqe->addr = (ulong)address;
        _sqe->addr3 = (ulong)addressLength;
        _sqe->optlen = peer ? 1u : 0u;
    }

    /// <summary>
    /// Tells a block device that a range is no longer used; what it held is lost. Linux 6.12,
    /// io_uring_prep_cmd_discard(3).
    /// </summary>
    /// <param name="fd">A block device that is open for writing.</param>
    /// <param name="offset">Where the range starts, in bytes.</param>
    /// <param name="length">Its length in bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepCmdDiscard(int fd, ulong offset, ulong length)
    {
        PrepUringCmd(BLOCK_URING_CMD.BLOCK_URING_CMD_DISCARD, fd);
        _sqe->addr = offset;
        _sqe->addr3 = length;
    }

    /// <summary>
    /// Resets the write pointers of all zones of a zoned block device; what they held is lost. Newer than
    /// Linux 6.19, io_uring_prep_cmd_zone_reset_all(3).
    /// </summary>
    /// <param name="fd">A zoned block device that is open for writing.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepCmdZoneResetAll(int fd)
    {
        PrepUringCmd(BLOCK_URING_CMD.BLOCK_URING_CMD_ZONE_RESET_ALL, fd);
    }
}
