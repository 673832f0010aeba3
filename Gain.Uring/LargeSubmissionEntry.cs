using Gain.Kernel;

namespace Gain.Uring;

/// <summary>
/// A place of 128 bytes in the submission ring, from <see cref="Ring.TryGetEntry128"/>: an entry that 64 more
/// bytes follow, for commands of up to 80 bytes. Linux 5.19.
/// </summary>
/// <remarks>
/// As with a <see cref="SubmissionEntry"/>: never touch it after the ring was disposed of or resized, which
/// it cannot notice; that ends the process.
/// </remarks>
public readonly unsafe ref struct LargeSubmissionEntry
{
    private const int CommandBytes = 80;

    // SAFETY: as of SubmissionEntry, and the ring has 128 bytes of its mapping from here.
    private readonly io_uring_sqe* _sqe;

    internal LargeSubmissionEntry(io_uring_sqe* sqe) => _sqe = sqe;

    /// <summary>The entry proper, with the <c>Prep…</c> methods.</summary>
    public SubmissionEntry Entry => new(_sqe);

    /// <summary>What the completions of this submission carry.</summary>
    public ulong UserData
    {
        get => _sqe->user_data;
        set => _sqe->user_data = value;
    }

    /// <summary>Like <see cref="SubmissionEntry.Flags"/>. Set it after the <c>Prep…</c> method.</summary>
    public SubmissionFlags Flags
    {
        get => Entry.Flags;
        set => new SubmissionEntry(_sqe) { Flags = value };
    }

    /// <summary>The 80 bytes of a command's own data; valid until the next submission.</summary>
    public Span<byte> Command => new(&_sqe->cmd, CommandBytes);

    /// <summary>
    /// A NOP of 128 bytes, for rings with <see cref="RingSetupFlags.MixedSubmissions"/>. Linux 6.19;
    /// EINVAL before. io_uring_prep_nop128, in liburing.h.
    /// </summary>
    public void PrepNop128()
    {
        _sqe->opcode = IORING_OP.IORING_OP_NOP128;
        _sqe->fd = -1;
    }

    /// <summary>
    /// A command of 128 bytes, for rings with <see cref="RingSetupFlags.MixedSubmissions"/>; with
    /// <see cref="RingSetupFlags.LargeSubmissions"/>, <see cref="SubmissionEntry.PrepUringCmd"/> is one
    /// already. Linux 6.19; EINVAL before. io_uring_prep_uring_cmd128(3).
    /// </summary>
    /// <param name="command">Its number.</param>
    /// <param name="fd">The descriptor.</param>
    public void PrepUringCmd128(uint command, int fd)
    {
        Entry.PrepUringCmd(command, fd);
        _sqe->opcode = IORING_OP.IORING_OP_URING_CMD128;
    }
}
