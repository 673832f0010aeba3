using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gain.Kernel;

namespace Gain.Uring;

/// <summary>
/// A completion: the outcome of a submission. It is a copy of the 16 bytes of the kernel's
/// <c>io_uring_cqe</c>, so it stays valid when its place in the ring is given back.
/// </summary>
/// <remarks>
/// A submission that is not multishot completes once. A multishot one completes until a completion lacks
/// <see cref="HasMore"/>, for whatever reason: there is no other sign that it ended. See io_uring(7).
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
public readonly struct CompletionEntry
{
    private readonly ulong _userData;
    private readonly int _result;
    private readonly uint _flags;

    /// <summary>Makes a completion, as a simulated or emulated ring does.</summary>
    /// <param name="userData">The value of the submission that completed.</param>
    /// <param name="result">The result, or the negated errno.</param>
    /// <param name="flags">The kernel's <c>IORING_CQE_F_*</c> bits, a buffer's id in the upper 16.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public CompletionEntry(ulong userData, int result, uint flags)
    {
        _userData = userData;
        _result = result;
        _flags = flags;
    }

    /// <summary>The value that the submission carried in <see cref="SubmissionEntry.UserData"/>.</summary>
    public ulong UserData
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _userData;
    }

    /// <summary>
    /// The return value of the system call of the same name, or the negated errno, such as -104 for
    /// ECONNRESET. The operation never sets errno itself.
    /// </summary>
    public int Result
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _result;
    }

    /// <summary>
    /// The name and the meaning of the errno, as in <c>ENOENT (no such file or directory)</c>; null when the
    /// result is not an error.
    /// </summary>
    public string? Error => _result < 0 ? Errno.Describe(-_result) : null;

    /// <summary>The kernel's <c>IORING_CQE_F_*</c> bits, and a buffer's id in the upper 16.</summary>
    public uint Flags
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _flags;
    }

    /// <summary>
    /// Whether the same submission will complete again (<c>IORING_CQE_F_MORE</c>, Linux 5.13). When false,
    /// the submission has ended, and the caller owns its memory again. On the first completion of a zero-copy
    /// send it announces the notification.
    /// </summary>
    public bool HasMore
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_flags & IORING_CQE.IORING_CQE_F_MORE) != 0;
    }

    /// <summary>
    /// Whether a provided buffer was taken (<c>IORING_CQE_F_BUFFER</c>, Linux 5.7). The caller owns the
    /// buffer until it is given back, also when <see cref="Result"/> is an error or 0.
    /// </summary>
    public bool HasBuffer
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_flags & IORING_CQE.IORING_CQE_F_BUFFER) != 0;
    }

    /// <summary>The id of the buffer that was taken; meaningful only with <see cref="HasBuffer"/>.</summary>
    public ushort BufferId
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (ushort)(_flags >> IORING_CQE.IORING_CQE_BUFFER_SHIFT);
    }

    /// <summary>
    /// Whether the kernel goes on to fill the same buffer (<c>IORING_CQE_F_BUF_MORE</c>, Linux 6.12), so
    /// that it must not be given back yet. Only for buffer rings with incremental consumption.
    /// </summary>
    public bool BufferHasMore
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_flags & IORING_CQE.IORING_CQE_F_BUF_MORE) != 0;
    }

    /// <summary>
    /// Whether this is a large completion of a ring with <see cref="RingSetupFlags.MixedCompletions"/>
    /// (<c>IORING_CQE_F_32</c>, Linux 6.18). It takes two places in the ring and has 16 more bytes: see <see
    /// cref="Ring.TakeLargeCompletions"/>.
    /// </summary>
    public bool IsLarge
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_flags & IORING_CQE.IORING_CQE_F_32) != 0;
    }

    // In a mixed ring: none of anybody's, where a large one did not fit before the end.
    internal bool IsFiller => (_flags & IORING_CQE.IORING_CQE_F_SKIP) != 0;

    /// <summary>
    /// Whether the socket has more to read (<c>IORING_CQE_F_SOCK_NONEMPTY</c>, Linux 5.19). It is set at the
    /// end of file too, so it is a hint and does not promise bytes.
    /// </summary>
    public bool SocketHasMore
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_flags & IORING_CQE.IORING_CQE_F_SOCK_NONEMPTY) != 0;
    }

    /// <summary>
    /// Whether this is the notification of a zero-copy send (<c>IORING_CQE_F_NOTIF</c>, Linux 6.0): the
    /// kernel no longer needs the memory that was sent.
    /// </summary>
    public bool IsNotification
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_flags & IORING_CQE.IORING_CQE_F_NOTIF) != 0;
    }
}
