namespace Gain.Kernel;

/// <summary><c>io_uring_sqe.cmd_op</c> of URING_CMD on a block device.</summary>
internal static class BLOCK_URING_CMD
{
    // 6.12: _IO(0x12, 0)
    public const uint BLOCK_URING_CMD_DISCARD = 0x1200;

    // Newer than 6.19: _IO(0x12, 1)
    public const uint BLOCK_URING_CMD_ZONE_RESET_ALL = 0x1201;
}
