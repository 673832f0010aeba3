using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;

namespace Gain.Uring;

/// <content>The same methods with flags that have names.</content>
public readonly unsafe ref partial struct SubmissionEntry
{
    private const OpenFlags Moved = OpenFlags.Direct | OpenFlags.Directory | OpenFlags.NoFollow;

    /// <summary>Like <see cref="PrepAccept(int, void*, uint*, int)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepAccept(int fd, void* address, uint* addressLength, SocketFlags flags) =>
        PrepAccept(fd, address, addressLength, (int)flags);

    /// <summary>Like <see cref="PrepAccept(int, void*, uint*, int)"/>, without the address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepAccept(int fd, SocketFlags flags) => PrepAccept(fd, null, null, (int)flags);

    /// <summary>Like <see cref="PrepAcceptDirect(int, void*, uint*, int, uint)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepAcceptDirect(
        int fd, void* address, uint* addressLength, SocketFlags flags, uint fileIndex) =>
        PrepAcceptDirect(fd, address, addressLength, (int)flags, fileIndex);

    /// <summary>Like <see cref="PrepMultishotAccept(int, void*, uint*, int)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepMultishotAccept(int fd, void* address, uint* addressLength, SocketFlags flags) =>
        PrepMultishotAccept(fd, address, addressLength, (int)flags);

    /// <summary>Like <see cref="PrepMultishotAccept(int, void*, uint*, int)"/>, without addresses.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepMultishotAccept(int fd, SocketFlags flags) => PrepAcceptMultishot(fd, (int)flags);

    /// <summary>Like <see cref="PrepMultishotAcceptDirect(int, void*, uint*, int)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepMultishotAcceptDirect(int fd, void* address, uint* addressLength, SocketFlags flags) =>
        PrepMultishotAcceptDirect(fd, address, addressLength, (int)flags);

    /// <summary>Like <see cref="PrepRecv(int, void*, uint, int)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepRecv(int fd, void* buffer, uint length, SocketMessageFlags flags) =>
        PrepRecv(fd, buffer, length, (int)flags);

    /// <summary>Like <see cref="PrepRecvMultishot(int, int)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepRecvMultishot(int fd, SocketMessageFlags flags) => PrepRecvMultishot(fd, (int)flags);

    /// <summary>Like <see cref="PrepRecvMultishot(int, void*, uint, int)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepRecvMultishot(int fd, void* buffer, uint length, SocketMessageFlags flags) =>
        PrepRecvMultishot(fd, buffer, length, (int)flags);

    /// <summary>Like <see cref="PrepRecvMsg(int, MessageHeader*, int)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepRecvMsg(int fd, MessageHeader* message, SocketMessageFlags flags) =>
        PrepRecvMsg(fd, message, (int)flags);

    /// <summary>Like <see cref="PrepRecvMsgMultishot(int, MessageHeader*, int)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepRecvMsgMultishot(int fd, MessageHeader* message, SocketMessageFlags flags) =>
        PrepRecvMsgMultishot(fd, message, (int)flags);

    /// <summary>Like <see cref="PrepSend(int, void*, uint, int)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepSend(int fd, void* buffer, uint length, SocketMessageFlags flags) =>
        PrepSend(fd, buffer, length, (int)flags);

    /// <summary>Like <see cref="PrepSendMsg(int, MessageHeader*, int)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepSendMsg(int fd, MessageHeader* message, SocketMessageFlags flags) =>
        PrepSendMsg(fd, message, (int)flags);

    /// <summary>Like <see cref="PrepSendMsgZc(int, MessageHeader*, int)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepSendMsgZc(int fd, MessageHeader* message, SocketMessageFlags flags) =>
        PrepSendMsgZc(fd, message, (int)flags);

    /// <summary>Like <see cref="PrepSendMsgZcFixed(int, MessageHeader*, int, ushort)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepSendMsgZcFixed(
        int fd, MessageHeader* message, SocketMessageFlags flags, ushort bufferIndex) =>
        PrepSendMsgZcFixed(fd, message, (int)flags, bufferIndex);

    /// <summary>Like <see cref="PrepSendBundle(int, uint, int)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepSendBundle(int fd, uint length, SocketMessageFlags flags) =>
        PrepSendBundle(fd, length, (int)flags);

    /// <summary>Like <see cref="PrepSendTo(int, void*, uint, int, void*, ushort)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepSendTo(
        int fd, void* buffer, uint length, SocketMessageFlags flags, void* address, ushort addressLength) =>
        PrepSendTo(fd, buffer, length, (int)flags, address, addressLength);

    /// <summary>Like <see cref="PrepSendZc(int, void*, uint, int, SendReceiveFlags)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepSendZc(
        int fd, void* buffer, uint length, SocketMessageFlags flags, SendReceiveFlags options) =>
        PrepSendZc(fd, buffer, length, (int)flags, options);

    /// <summary>Like <see cref="PrepSendZcFixed(int, void*, uint, int, SendReceiveFlags,
    /// ushort)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepSendZcFixed(
        int fd, void* buffer, uint length, SocketMessageFlags flags, SendReceiveFlags options,
        ushort bufferIndex) =>
        PrepSendZcFixed(fd, buffer, length, (int)flags, options, bufferIndex);

    /// <summary>
    /// Receives into as many buffers of a group as there is data for; <see cref="SetBufferGroup"/> has to
    /// name the group. The result is the number of bytes, and the buffers follow each other in the order
    /// that they were added, from the one that the completion names: see
    /// <see cref="BufferRing.LendBundle"/>. Linux 6.10.
    /// </summary>
    /// <param name="fd">A socket.</param>
    /// <param name="length">
    /// The most bytes, a multiple of the buffers' size; 0: as many as the kernel finds, which takes one
    /// buffer at first.
    /// </param>
    /// <param name="flags">How to receive.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepRecvBundle(int fd, uint length, SocketMessageFlags flags)
    {
        PrepRecv(fd, null, length, (int)flags);
        Add(SendReceiveFlags.Bundle);
    }

    /// <summary>Like <see cref="PrepPollAdd(int, uint)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepPollAdd(int fd, PollEvents events) => PrepPollAdd(fd, (uint)events);

    /// <summary>Like <see cref="PrepPollMultishot(int, uint)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepPollMultishot(int fd, PollEvents events) => PrepPollMultishot(fd, (uint)events);

    /// <summary>Like <see cref="PrepPollUpdate(ulong, ulong, uint, PollUpdateFlags)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepPollUpdate(
        ulong oldUserData, ulong newUserData, PollEvents events, PollUpdateFlags flags) =>
        PrepPollUpdate(oldUserData, newUserData, (uint)events, flags);

    /// <summary>Like <see cref="PrepFutexWait(uint*, ulong, ulong, uint, uint)"/>, by any bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepFutexWait(uint* futex, uint value, FutexKind kind) =>
        PrepFutexWait(futex, value, uint.MaxValue, (uint)kind, 0);

    /// <summary>Like <see cref="PrepFutexWake(uint*, ulong, ulong, uint, uint)"/>, by any bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepFutexWake(uint* futex, uint count, FutexKind kind) =>
        PrepFutexWake(futex, count, uint.MaxValue, (uint)kind, 0);

    // The condition is the compiler's.
    internal static int Kernels(OpenFlags flags) => Kernels(flags, ArmBase.Arm64.IsSupported);

    // arm64 has O_DIRECTORY, O_NOFOLLOW and O_DIRECT at 0x4000, 0x8000 and 0x10000; the type has x64's.
    // O_TMPFILE has the bit of O_DIRECTORY in it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Kernels(OpenFlags flags, bool isArm64)
    {
        if (!isArm64)
        {
            return (int)flags;
        }

        int moved = (flags & OpenFlags.Direct) != 0 ? 0x10000 : 0;
        moved |= (flags & OpenFlags.Directory) != 0 ? 0x4000 : 0;
        moved |= (flags & OpenFlags.NoFollow) != 0 ? 0x8000 : 0;
        return (int)(flags & ~Moved) | moved;
    }
}
