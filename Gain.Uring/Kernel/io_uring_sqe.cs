using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>A submission queue entry. The unions of the C struct are fields at one offset.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct io_uring_sqe
{
    [FieldOffset(0)] public byte opcode;
    [FieldOffset(1)] public byte flags;
    [FieldOffset(2)] public ushort ioprio;
    [FieldOffset(4)] public int fd;
    [FieldOffset(8)] public ulong off;
    [FieldOffset(8)] public ulong addr2;
    [FieldOffset(8)] public uint cmd_op;
    [FieldOffset(16)] public ulong addr;
    [FieldOffset(16)] public ulong splice_off_in;
    [FieldOffset(16)] public uint level;
    [FieldOffset(20)] public uint optname;
    [FieldOffset(24)] public uint len;
    [FieldOffset(28)] public uint rw_flags;
    [FieldOffset(28)] public uint fsync_flags;
    [FieldOffset(28)] public ushort poll_events;
    [FieldOffset(28)] public uint poll32_events;
    [FieldOffset(28)] public uint sync_range_flags;
    [FieldOffset(28)] public uint msg_flags;
    [FieldOffset(28)] public uint timeout_flags;
    [FieldOffset(28)] public uint accept_flags;
    [FieldOffset(28)] public uint cancel_flags;
    [FieldOffset(28)] public uint open_flags;
    [FieldOffset(28)] public uint statx_flags;
    [FieldOffset(28)] public uint fadvise_advice;
    [FieldOffset(28)] public uint splice_flags;
    [FieldOffset(28)] public uint rename_flags;
    [FieldOffset(28)] public uint unlink_flags;
    [FieldOffset(28)] public uint hardlink_flags;
    [FieldOffset(28)] public uint xattr_flags;
    [FieldOffset(28)] public uint msg_ring_flags;
    [FieldOffset(28)] public uint uring_cmd_flags;
    [FieldOffset(28)] public uint waitid_flags;
    [FieldOffset(28)] public uint futex_flags;
    [FieldOffset(28)] public uint install_fd_flags;
    [FieldOffset(28)] public uint nop_flags;
    [FieldOffset(28)] public uint pipe_flags;
    [FieldOffset(32)] public ulong user_data;
    [FieldOffset(40)] public ushort buf_index;
    [FieldOffset(40)] public ushort buf_group;
    [FieldOffset(42)] public ushort personality;
    [FieldOffset(44)] public int splice_fd_in;
    [FieldOffset(44)] public uint file_index;
    [FieldOffset(44)] public uint zcrx_ifq_idx;
    [FieldOffset(44)] public uint optlen;
    [FieldOffset(44)] public ushort addr_len;
    [FieldOffset(48)] public ulong addr3;
    [FieldOffset(48)] public ulong attr_ptr;
    [FieldOffset(48)] public ulong optval;

    // With IORING_SETUP_SQE128 the command goes on for 80 bytes from here.
    [FieldOffset(48)] public byte cmd;
    [FieldOffset(56)] public ulong attr_type_mask;
}
