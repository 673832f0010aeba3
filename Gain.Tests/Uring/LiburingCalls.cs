using System.Runtime.InteropServices;
using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>
/// A call of each function of liburing that prepares an entry, with arguments that use all of their bytes,
/// and ours for it.
/// </summary>
internal static unsafe class LiburingCalls
{
    internal static (string Call, Prepare Ours)[] All { get; } =
    [
        ("splice(sqe, 0x7A10FE01, 0x1122334455667702, 0x7A10FE03, 0x1122334455667704, 0x89ABCD05, "
                + "0x89ABCD06)",
            e => e.PrepSplice(
                0x7A10FE01, 0x1122334455667702, 0x7A10FE03, 0x1122334455667704, 0x89ABCD05, 0x89ABCD06)),
        ("splice(sqe, 0x7A10FE01, -1, 0x7A10FE03, -1, 0x89ABCD05, 0x89ABCD06)",
            e => e.PrepSplice(0x7A10FE01, -1, 0x7A10FE03, -1, 0x89ABCD05, 0x89ABCD06)),
        ("tee(sqe, 0x7A10FE01, 0x7A10FE02, 0x89ABCD03, 0x89ABCD04)",
            e => e.PrepTee(0x7A10FE01, 0x7A10FE02, 0x89ABCD03, 0x89ABCD04)),
        ("readv(sqe, 0x7A10FE01, P, 0x89ABCD03, 0x1122334455667704)",
            e => e.PrepReadv(0x7A10FE01, V, 0x89ABCD03, 0x1122334455667704)),
        ("readv2(sqe, 0x7A10FE01, P, 0x89ABCD03, 0x1122334455667704, 0x7A10FE05)",
            e => e.PrepReadv2(0x7A10FE01, V, 0x89ABCD03, 0x1122334455667704, 0x7A10FE05)),
        ("read_fixed(sqe, 0x7A10FE01, P, 0x89ABCD03, 0x1122334455667704, 0xFE05)",
            e => e.PrepReadFixed(0x7A10FE01, P, 0x89ABCD03, 0x1122334455667704, 0xFE05)),
        ("readv_fixed(sqe, 0x7A10FE01, P, 0x89ABCD03, 0x1122334455667704, 0x7A10FE05, 0xFE06)",
            e => e.PrepReadvFixed(0x7A10FE01, V, 0x89ABCD03, 0x1122334455667704, 0x7A10FE05, 0xFE06)),
        ("writev(sqe, 0x7A10FE01, P, 0x89ABCD03, 0x1122334455667704)",
            e => e.PrepWritev(0x7A10FE01, V, 0x89ABCD03, 0x1122334455667704)),
        ("writev2(sqe, 0x7A10FE01, P, 0x89ABCD03, 0x1122334455667704, 0x7A10FE05)",
            e => e.PrepWritev2(0x7A10FE01, V, 0x89ABCD03, 0x1122334455667704, 0x7A10FE05)),
        ("write_fixed(sqe, 0x7A10FE01, P, 0x89ABCD03, 0x1122334455667704, 0xFE05)",
            e => e.PrepWriteFixed(0x7A10FE01, P, 0x89ABCD03, 0x1122334455667704, 0xFE05)),
        ("writev_fixed(sqe, 0x7A10FE01, P, 0x89ABCD03, 0x1122334455667704, 0x7A10FE05, 0xFE06)",
            e => e.PrepWritevFixed(0x7A10FE01, V, 0x89ABCD03, 0x1122334455667704, 0x7A10FE05, 0xFE06)),
        ("rw(IORING_OP_FSYNC, sqe, 0x7A10FE02, P, 0x89ABCD04, 0x1122334455667705)",
            e => e.PrepRw(RingOperation.FileSync, 0x7A10FE02, P, 0x89ABCD04, 0x1122334455667705)),
        ("recvmsg(sqe, 0x7A10FE01, P, 0x89ABCD03)",
            e => e.PrepRecvMsg(0x7A10FE01, M, unchecked((int)0x89ABCD03))),
        ("recvmsg_multishot(sqe, 0x7A10FE01, P, 0x89ABCD03)",
            e => e.PrepRecvMsgMultishot(0x7A10FE01, M, unchecked((int)0x89ABCD03))),
        ("sendmsg(sqe, 0x7A10FE01, P, 0x7A10FE03)", e => e.PrepSendMsg(0x7A10FE01, M, 0x7A10FE03)),
        ("sendmsg_zc(sqe, 0x7A10FE01, P, 0x89ABCD03)",
            e => e.PrepSendMsgZc(0x7A10FE01, M, unchecked((int)0x89ABCD03))),
        ("sendmsg_zc_fixed(sqe, 0x7A10FE01, P, 0x89ABCD03, 0xFE04)",
            e => e.PrepSendMsgZcFixed(0x7A10FE01, M, unchecked((int)0x89ABCD03), 0xFE04)),
        ("poll_add(sqe, 0x7A10FE01, 0x12345)", e => e.PrepPollAdd(0x7A10FE01, 0x12345)),
        ("poll_multishot(sqe, 0x7A10FE01, 0x89ABCD02)", e => e.PrepPollMultishot(0x7A10FE01, 0x89ABCD02)),
        ("poll_remove(sqe, 0x1122334455667701)", e => e.PrepPollRemove(0x1122334455667701)),
        ("poll_update(sqe, 0x1122334455667701, 0x1122334455667702, 0x89ABCD03, 0x89ABCD04)",
            e => e.PrepPollUpdate(
                0x1122334455667701, 0x1122334455667702, 0x89ABCD03, (PollUpdateFlags)0x89ABCD04)),
        ("fsync(sqe, 0x7A10FE01, 1)", e => e.PrepFsync(0x7A10FE01, FileSyncFlags.DataOnly)),
        ("nop(sqe)", e => e.PrepNop()),
        ("nop128(sqe)", e => Large(e).PrepNop128()),
        ("timeout(sqe, P, 0x89ABCD02, 0x89ABCD03)",
            e => e.PrepTimeout(T, 0x89ABCD02, (TimeoutFlags)0x89ABCD03)),
        ("timeout_remove(sqe, 0x1122334455667701, 0)", e => e.PrepTimeoutRemove(0x1122334455667701)),
        ("timeout_remove(sqe, 0x1122334455667701, 0x89ABCD02)",
            e => e.PrepTimeoutRemove(0x1122334455667701, (TimeoutFlags)0x89ABCD02)),
        ("timeout_update(sqe, P, 0x1122334455667702, 0x89ABCD03)",
            e => e.PrepTimeoutUpdate(T, 0x1122334455667702, (TimeoutFlags)0x89ABCD03)),
        ("accept(sqe, 0x7A10FE01, P, Q, 0x7A10FE04)", e => e.PrepAccept(0x7A10FE01, P, Q, 0x7A10FE04)),
        ("accept_direct(sqe, 0x7A10FE01, P, Q, 0x7A10FE04, 0x89ABCD05)",
            e => e.PrepAcceptDirect(0x7A10FE01, P, Q, 0x7A10FE04, 0x89ABCD05)),
        ("accept_direct(sqe, 0x7A10FE01, P, Q, 0x7A10FE04, ANY)",
            e => e.PrepAcceptDirect(0x7A10FE01, P, Q, 0x7A10FE04, FixedFiles.AnyIndex)),
        ("multishot_accept(sqe, 0x7A10FE01, P, Q, 0x7A10FE04)",
            e => e.PrepMultishotAccept(0x7A10FE01, P, Q, 0x7A10FE04)),
        ("multishot_accept(sqe, 0x7A10FE01, 0, 0, 0x7A10FE04)",
            e => e.PrepAcceptMultishot(0x7A10FE01, 0x7A10FE04)),
        ("multishot_accept_direct(sqe, 0x7A10FE01, P, Q, 0x7A10FE04)",
            e => e.PrepMultishotAcceptDirect(0x7A10FE01, P, Q, 0x7A10FE04)),
        ("cancel(sqe, P, 0x7A10FE02)", e => e.PrepCancel(0x1000, (CancelFlags)0x7A10FE02)),
        ("cancel64(sqe, 0x1122334455667701, 0x7A10FE02)",
            e => e.PrepCancel(0x1122334455667701, (CancelFlags)0x7A10FE02)),
        ("cancel_fd(sqe, 0x7A10FE01, 1)", e => e.PrepCancelFd(0x7A10FE01, CancelFlags.All)),
        ("link_timeout(sqe, P, 0x89ABCD02)", e => e.PrepLinkTimeout(T, (TimeoutFlags)0x89ABCD02)),
        ("connect(sqe, 0x7A10FE01, P, 0x7A10FE03)", e => e.PrepConnect(0x7A10FE01, P, 0x7A10FE03)),
        ("bind(sqe, 0x7A10FE01, P, 0x7A10FE03)", e => e.PrepBind(0x7A10FE01, P, 0x7A10FE03)),
        ("listen(sqe, 0x7A10FE01, 0x7A10FE02)", e => e.PrepListen(0x7A10FE01, 0x7A10FE02)),
        ("epoll_wait(sqe, 0x7A10FE01, P, 0x7A10FE03, 0x89ABCD04)",
            e => e.PrepEpollWait(0x7A10FE01, P, 0x7A10FE03, 0x89ABCD04)),
        ("epoll_ctl(sqe, 0x7A10FE01, 0x7A10FE02, 0x7A10FE03, P)",
            e => e.PrepEpollCtl(0x7A10FE01, 0x7A10FE02, 0x7A10FE03, P)),
        ("files_update(sqe, P, 0x89ABCD02, 0x7A10FE03)", e => e.PrepFilesUpdate(I, 0x89ABCD02, 0x7A10FE03)),
        ("files_update(sqe, P, 0x89ABCD02, -1)", e => e.PrepFilesUpdate(I, 0x89ABCD02, -1)),
        ("fallocate(sqe, 0x7A10FE01, 0x7A10FE02, 0x1122334455667703, 0x1122334455667704)",
            e => e.PrepFallocate(0x7A10FE01, 0x7A10FE02, 0x1122334455667703, 0x1122334455667704)),
        ("openat(sqe, 0x7A10FE01, P, 0x7A10FE03, 0x89ABCD04)",
            e => e.PrepOpenat(0x7A10FE01, S, 0x7A10FE03, 0x89ABCD04)),
        ("openat_direct(sqe, 0x7A10FE01, P, 0x7A10FE03, 0x89ABCD04, 0x89ABCD05)",
            e => e.PrepOpenatDirect(0x7A10FE01, S, 0x7A10FE03, 0x89ABCD04, 0x89ABCD05)),
        ("openat_direct(sqe, 0x7A10FE01, P, 0x7A10FE03, 0x89ABCD04, ANY)",
            e => e.PrepOpenatDirect(0x7A10FE01, S, 0x7A10FE03, 0x89ABCD04, FixedFiles.AnyIndex)),
        ("open(sqe, P, 0x7A10FE02, 0x89ABCD03)", e => e.PrepOpen(S, 0x7A10FE02, 0x89ABCD03)),
        ("open_direct(sqe, P, 0x7A10FE02, 0x89ABCD03, 0x89ABCD04)",
            e => e.PrepOpenDirect(S, 0x7A10FE02, 0x89ABCD03, 0x89ABCD04)),
        ("close(sqe, 0x7A10FE01)", e => e.PrepClose(0x7A10FE01)),
        ("close_direct(sqe, 0x89ABCD01)", e => e.PrepCloseDirect(0x89ABCD01)),
        ("read(sqe, 0x7A10FE01, P, 0x89ABCD03, 0x1122334455667704)",
            e => e.PrepRead(0x7A10FE01, P, 0x89ABCD03, 0x1122334455667704)),
        ("read_multishot(sqe, 0x7A10FE01, 0x89ABCD02, 0x1122334455667703, 0xFE04)",
            e => e.PrepReadMultishot(0x7A10FE01, 0x89ABCD02, 0x1122334455667703, 0xFE04)),
        ("write(sqe, 0x7A10FE01, P, 0x89ABCD03, 0x1122334455667704)",
            e => e.PrepWrite(0x7A10FE01, P, 0x89ABCD03, 0x1122334455667704)),
        ("statx(sqe, 0x7A10FE01, P, 0x7A10FE03, 0x89ABCD04, Q)",
            e => e.PrepStatx(0x7A10FE01, S, 0x7A10FE03, 0x89ABCD04, (FileStatus*)Q)),
        ("fadvise(sqe, 0x7A10FE01, 0x1122334455667702, 0x89ABCD03, 0x7A10FE04)",
            e => e.PrepFadvise(0x7A10FE01, 0x1122334455667702, 0x89ABCD03, 0x7A10FE04)),
        ("fadvise64(sqe, 0x7A10FE01, 0x1122334455667702, 0x1122334455667703, 0x7A10FE04)",
            e => e.PrepFadvise64(0x7A10FE01, 0x1122334455667702, 0x1122334455667703, 0x7A10FE04)),
        ("madvise(sqe, P, 0x89ABCD02, 0x7A10FE03)", e => e.PrepMadvise(P, 0x89ABCD02, 0x7A10FE03)),
        ("madvise64(sqe, P, 0x1122334455667702, 0x7A10FE03)",
            e => e.PrepMadvise64(P, 0x1122334455667702, 0x7A10FE03)),
        ("send(sqe, 0x7A10FE01, P, 0x89ABCD03, 0x7A10FE04)",
            e => e.PrepSend(0x7A10FE01, P, 0x89ABCD03, 0x7A10FE04)),
        ("send_bundle(sqe, 0x7A10FE01, 0x89ABCD02, 0x7A10FE03)",
            e => e.PrepSendBundle(0x7A10FE01, 0x89ABCD02, 0x7A10FE03)),
        ("sendto(sqe, 0x7A10FE01, P, 0x89ABCD03, 0x7A10FE04, Q, 0xFE06)",
            e => e.PrepSendTo(0x7A10FE01, P, 0x89ABCD03, 0x7A10FE04, Q, 0xFE06)),
        ("send_set_addr(sqe, P, 0xFE02)", e => e.PrepSendSetAddr(P, 0xFE02)),
        ("send_zc(sqe, 0x7A10FE01, P, 0x89ABCD03, 0x7A10FE04, 8)",
            e => e.PrepSendZc(0x7A10FE01, P, 0x89ABCD03, 0x7A10FE04, SendReceiveFlags.ReportUsage)),
        ("send_zc_fixed(sqe, 0x7A10FE01, P, 0x89ABCD03, 0x7A10FE04, 0xFE05, 0xFE06)",
            e => e.PrepSendZcFixed(0x7A10FE01, P, 0x89ABCD03, 0x7A10FE04, (SendReceiveFlags)0xFE05, 0xFE06)),
        ("recv(sqe, 0x7A10FE01, P, 0x89ABCD03, 0x7A10FE04)",
            e => e.PrepRecv(0x7A10FE01, P, 0x89ABCD03, 0x7A10FE04)),
        ("recv_multishot(sqe, 0x7A10FE01, 0, 0, 0x7A10FE04)",
            e => e.PrepRecvMultishot(0x7A10FE01, 0x7A10FE04)),
        ("recv_multishot(sqe, 0x7A10FE01, P, 0x89ABCD03, 0x7A10FE04)",
            e => e.PrepRecvMultishot(0x7A10FE01, P, 0x89ABCD03, 0x7A10FE04)),
        ("openat2(sqe, 0x7A10FE01, P, Q)", e => e.PrepOpenat2(0x7A10FE01, S, (OpenHow*)Q)),
        ("openat2_direct(sqe, 0x7A10FE01, P, Q, 0x89ABCD04)",
            e => e.PrepOpenat2Direct(0x7A10FE01, S, (OpenHow*)Q, 0x89ABCD04)),
        ("provide_buffers(sqe, P, 0x7A10FE02, 0x7A10FE03, 0xFE04, 0xFE05)",
            e => e.PrepProvideBuffers(P, 0x7A10FE02, 0x7A10FE03, 0xFE04, 0xFE05)),
        ("remove_buffers(sqe, 0x7A10FE01, 0xFE02)", e => e.PrepRemoveBuffers(0x7A10FE01, 0xFE02)),
        ("shutdown(sqe, 0x7A10FE01, 0x7A10FE02)", e => e.PrepShutdown(0x7A10FE01, 0x7A10FE02)),
        ("unlinkat(sqe, 0x7A10FE01, P, 0x7A10FE03)", e => e.PrepUnlinkat(0x7A10FE01, S, 0x7A10FE03)),
        ("unlink(sqe, P, 0x7A10FE02)", e => e.PrepUnlink(S, 0x7A10FE02)),
        ("renameat(sqe, 0x7A10FE01, P, 0x7A10FE03, Q, 0x89ABCD05)",
            e => e.PrepRenameat(0x7A10FE01, S, 0x7A10FE03, (byte*)Q, 0x89ABCD05)),
        ("rename(sqe, P, Q)", e => e.PrepRename(S, (byte*)Q)),
        ("sync_file_range(sqe, 0x7A10FE01, 0x89ABCD02, 0x1122334455667703, 0x7A10FE04)",
            e => e.PrepSyncFileRange(0x7A10FE01, 0x89ABCD02, 0x1122334455667703, 0x7A10FE04)),
        ("mkdirat(sqe, 0x7A10FE01, P, 0x89ABCD03)", e => e.PrepMkdirat(0x7A10FE01, S, 0x89ABCD03)),
        ("mkdir(sqe, P, 0x89ABCD02)", e => e.PrepMkdir(S, 0x89ABCD02)),
        ("symlinkat(sqe, P, 0x7A10FE02, Q)", e => e.PrepSymlinkat(S, 0x7A10FE02, (byte*)Q)),
        ("symlink(sqe, P, Q)", e => e.PrepSymlink(S, (byte*)Q)),
        ("linkat(sqe, 0x7A10FE01, P, 0x7A10FE03, Q, 0x7A10FE05)",
            e => e.PrepLinkat(0x7A10FE01, S, 0x7A10FE03, (byte*)Q, 0x7A10FE05)),
        ("link(sqe, P, Q, 0x7A10FE03)", e => e.PrepLink(S, (byte*)Q, 0x7A10FE03)),
        ("msg_ring(sqe, 0x7A10FE01, 0x89ABCD02, 0x1122334455667703, 0)",
            e => e.PrepMsgRing(0x7A10FE01, 0x89ABCD02, 0x1122334455667703, MessageFlags.None)),
        ("msg_ring_cqe_flags(sqe, 0x7A10FE01, 0x89ABCD02, 0x1122334455667703, 0, 0x89ABCD05)",
            e => e.PrepMsgRingCqeFlags(
                0x7A10FE01, 0x89ABCD02, 0x1122334455667703, MessageFlags.None, 0x89ABCD05)),
        ("msg_ring_fd(sqe, 0x7A10FE01, 0x7A10FE02, 0x7A10FE03, 0x1122334455667704, 1)",
            e => e.PrepMsgRingFd(
                0x7A10FE01, 0x7A10FE02, 0x7A10FE03, 0x1122334455667704, MessageFlags.SkipCompletion)),
        ("msg_ring_fd_alloc(sqe, 0x7A10FE01, 0x7A10FE02, 0x1122334455667703, 0)",
            e => e.PrepMsgRingFdAlloc(0x7A10FE01, 0x7A10FE02, 0x1122334455667703, MessageFlags.None)),
        ("getxattr(sqe, P, Q, R, 0x89ABCD04)", e => e.PrepGetxattr(S, (byte*)Q, R, 0x89ABCD04)),
        ("setxattr(sqe, P, Q, R, 0x7A10FE04, 0x89ABCD05)",
            e => e.PrepSetxattr(S, (byte*)Q, R, 0x7A10FE04, 0x89ABCD05)),
        ("fgetxattr(sqe, 0x7A10FE01, P, Q, 0x89ABCD04)",
            e => e.PrepFgetxattr(0x7A10FE01, S, (byte*)Q, 0x89ABCD04)),
        ("fsetxattr(sqe, 0x7A10FE01, P, Q, 0x7A10FE04, 0x89ABCD05)",
            e => e.PrepFsetxattr(0x7A10FE01, S, (byte*)Q, 0x7A10FE04, 0x89ABCD05)),
        ("socket(sqe, 0x7A10FE01, 0x7A10FE02, 0x7A10FE03, 0x89ABCD04)",
            e => e.PrepSocket(0x7A10FE01, 0x7A10FE02, 0x7A10FE03, 0x89ABCD04)),
        ("socket_direct(sqe, 0x7A10FE01, 0x7A10FE02, 0x7A10FE03, 0x89ABCD04, 0x89ABCD05)",
            e => e.PrepSocketDirect(0x7A10FE01, 0x7A10FE02, 0x7A10FE03, 0x89ABCD04, 0x89ABCD05)),
        ("socket_direct_alloc(sqe, 0x7A10FE01, 0x7A10FE02, 0x7A10FE03, 0x89ABCD04)",
            e => e.PrepSocketDirectAlloc(0x7A10FE01, 0x7A10FE02, 0x7A10FE03, 0x89ABCD04)),
        ("uring_cmd(sqe, 0x7A10FE01, 0x7A10FE02)", e => e.PrepUringCmd(0x7A10FE01, 0x7A10FE02)),
        ("uring_cmd128(sqe, 0x7A10FE01, 0x7A10FE02)", e => Large(e).PrepUringCmd128(0x7A10FE01, 0x7A10FE02)),
        ("cmd_sock(sqe, 2, 0x7A10FE02, 0x7A10FE03, 0x7A10FE04, P, 0x7A10FE06)",
            e => e.PrepCmdSock(SocketCommand.GetOption, 0x7A10FE02, 0x7A10FE03, 0x7A10FE04, P, 0x7A10FE06)),
        ("cmd_getsockname(sqe, 0x7A10FE01, P, Q, 1)", e => e.PrepCmdGetsockname(0x7A10FE01, P, Q, true)),
        ("cmd_discard(sqe, 0x7A10FE01, 0x1122334455667702, 0x1122334455667703)",
            e => e.PrepCmdDiscard(0x7A10FE01, 0x1122334455667702, 0x1122334455667703)),
        ("cmd_zone_reset_all(sqe, 0x7A10FE01)", e => e.PrepCmdZoneResetAll(0x7A10FE01)),
        ("waitid(sqe, 1, 3, P, 0x7A10FE04, 0x89ABCD05)", e => e.PrepWaitid(1, 3, P, 0x7A10FE04, 0x89ABCD05)),
        ("futex_wake(sqe, P, 0x1122334455667702, 0x1122334455667703, 0x89ABCD04, 0x89ABCD05)",
            e => e.PrepFutexWake(Q - 1024, 0x1122334455667702, 0x1122334455667703, 0x89ABCD04, 0x89ABCD05)),
        ("futex_wait(sqe, P, 0x1122334455667702, 0x1122334455667703, 0x89ABCD04, 0x89ABCD05)",
            e => e.PrepFutexWait(Q - 1024, 0x1122334455667702, 0x1122334455667703, 0x89ABCD04, 0x89ABCD05)),
        ("futex_waitv(sqe, P, 0x89ABCD02, 0x89ABCD03)",
            e => e.PrepFutexWaitv((FutexWaiter*)P, 0x89ABCD02, 0x89ABCD03)),
        ("fixed_fd_install(sqe, 0x7A10FE01, 1)",
            e => e.PrepFixedFdInstall(0x7A10FE01, InstallFlags.KeepOnExec)),
        ("ftruncate(sqe, 0x7A10FE01, 0x1122334455667702)",
            e => e.PrepFtruncate(0x7A10FE01, 0x1122334455667702)),
        ("pipe(sqe, P, 0x7A10FE02)", e => e.PrepPipe(I, 0x7A10FE02)),
        ("pipe_direct(sqe, P, 0x7A10FE02, 0x89ABCD03)", e => e.PrepPipeDirect(I, 0x7A10FE02, 0x89ABCD03)),
    ];

    internal delegate void Prepare(SubmissionEntry entry);

    // P, Q and R are addresses that nothing reads.
    private static void* P => (void*)0x1000;

    private static uint* Q => (uint*)0x2000;

    private static byte* R => (byte*)0x3000;

    private static byte* S => (byte*)P;

    private static int* I => (int*)P;

    private static IoVector* V => (IoVector*)P;

    private static MessageHeader* M => (MessageHeader*)P;

    private static Timespec* T => (Timespec*)P;

    private static LargeSubmissionEntry Large(SubmissionEntry entry) =>
        new(*(io_uring_sqe**)&entry);

    internal static string Bytes(Prepare prepare)
    {
        io_uring_sqe sqe = default;
        prepare(new SubmissionEntry(&sqe));
        return Convert.ToHexStringLower(MemoryMarshal.AsBytes(new ReadOnlySpan<io_uring_sqe>(ref sqe)));
    }
}
