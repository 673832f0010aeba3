using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Gain.Kernel;
using Gain.Tests.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>
/// Each operation fills its 64 bytes as the function of liburing's header does, byte for byte. The variable
/// GAIN_LIBURING_HEADER names a newer liburing.h than the one that is installed.
/// </summary>
[TestFixture]
internal sealed unsafe class LiburingLayoutTests
{
    private const string InstalledHeader = "/usr/include/liburing.h";

    private static readonly (string Call, Prepare Ours)[] s_operations =
    [
        ("splice(sqe, 3, 4, 5, 6, 7, 8)", e => e.PrepSplice(3, 4, 5, 6, 7, 8)),
        ("splice(sqe, 3, -1, 5, -1, 7, 8)", e => e.PrepSplice(3, -1, 5, -1, 7, 8)),
        ("tee(sqe, 3, 4, 5, 6)", e => e.PrepTee(3, 4, 5, 6)),
        ("readv(sqe, 3, P, 4, 5)", e => e.PrepReadv(3, V, 4, 5)),
        ("readv2(sqe, 3, P, 4, 5, 6)", e => e.PrepReadv2(3, V, 4, 5, 6)),
        ("read_fixed(sqe, 3, P, 4, 5, 6)", e => e.PrepReadFixed(3, P, 4, 5, 6)),
        ("readv_fixed(sqe, 3, P, 4, 5, 6, 7)", e => e.PrepReadvFixed(3, V, 4, 5, 6, 7)),
        ("writev(sqe, 3, P, 4, 5)", e => e.PrepWritev(3, V, 4, 5)),
        ("writev2(sqe, 3, P, 4, 5, 6)", e => e.PrepWritev2(3, V, 4, 5, 6)),
        ("write_fixed(sqe, 3, P, 4, 5, 6)", e => e.PrepWriteFixed(3, P, 4, 5, 6)),
        ("writev_fixed(sqe, 3, P, 4, 5, 6, 7)", e => e.PrepWritevFixed(3, V, 4, 5, 6, 7)),
        ("rw(IORING_OP_FSYNC, sqe, 3, P, 4, 5)", e => e.PrepRw(RingOperation.FileSync, 3, P, 4, 5)),
        ("recvmsg(sqe, 3, P, 4)", e => e.PrepRecvMsg(3, M, 4)),
        ("recvmsg_multishot(sqe, 3, P, 4)", e => e.PrepRecvMsgMultishot(3, M, 4)),
        ("sendmsg(sqe, 3, P, 4)", e => e.PrepSendMsg(3, P, 4)),
        ("sendmsg_zc(sqe, 3, P, 4)", e => e.PrepSendMsgZc(3, M, 4)),
        ("sendmsg_zc_fixed(sqe, 3, P, 4, 5)", e => e.PrepSendMsgZcFixed(3, M, 4, 5)),
        ("poll_add(sqe, 3, 0x12345)", e => e.PrepPollAdd(3, 0x12345)),
        ("poll_multishot(sqe, 3, 4)", e => e.PrepPollMultishot(3, 4)),
        ("poll_remove(sqe, 3)", e => e.PrepPollRemove(3)),
        ("poll_update(sqe, 3, 4, 5, 6)", e => e.PrepPollUpdate(3, 4, 5, (PollUpdateFlags)6)),
        ("fsync(sqe, 3, 1)", e => e.PrepFsync(3, FileSyncFlags.DataOnly)),
        ("nop(sqe)", e => e.PrepNop()),
        ("nop128(sqe)", e => Large(e).PrepNop128()),
        ("timeout(sqe, P, 3, 4)", e => e.PrepTimeout(T, 3, (TimeoutFlags)4)),
        ("timeout_remove(sqe, 3, 0)", e => e.PrepTimeoutRemove(3)),
        ("timeout_update(sqe, P, 3, 4)", e => e.PrepTimeoutUpdate(T, 3, (TimeoutFlags)4)),
        ("accept(sqe, 3, P, Q, 4)", e => e.PrepAccept(3, P, Q, 4)),
        ("accept_direct(sqe, 3, P, Q, 4, 5)", e => e.PrepAcceptDirect(3, P, Q, 4, 5)),
        ("accept_direct(sqe, 3, P, Q, 4, ANY)", e => e.PrepAcceptDirect(3, P, Q, 4, FixedFiles.AnyIndex)),
        ("multishot_accept(sqe, 3, P, Q, 4)", e => e.PrepMultishotAccept(3, P, Q, 4)),
        ("multishot_accept(sqe, 3, 0, 0, 4)", e => e.PrepAcceptMultishot(3, 4)),
        ("multishot_accept_direct(sqe, 3, P, Q, 4)", e => e.PrepMultishotAcceptDirect(3, P, Q, 4)),
        ("cancel(sqe, P, 3)", e => e.PrepCancel(0x1000, (CancelFlags)3)),
        ("cancel64(sqe, 3, 4)", e => e.PrepCancel(3, (CancelFlags)4)),
        ("cancel_fd(sqe, 3, 1)", e => e.PrepCancelFd(3, CancelFlags.All)),
        ("link_timeout(sqe, P, 3)", e => e.PrepLinkTimeout(T, (TimeoutFlags)3)),
        ("connect(sqe, 3, P, 4)", e => e.PrepConnect(3, P, 4)),
        ("bind(sqe, 3, P, 4)", e => e.PrepBind(3, P, 4)),
        ("listen(sqe, 3, 4)", e => e.PrepListen(3, 4)),
        ("epoll_wait(sqe, 3, P, 4, 5)", e => e.PrepEpollWait(3, P, 4, 5)),
        ("epoll_ctl(sqe, 3, 4, 5, P)", e => e.PrepEpollCtl(3, 4, 5, P)),
        ("files_update(sqe, P, 3, 4)", e => e.PrepFilesUpdate(I, 3, 4)),
        ("files_update(sqe, P, 3, -1)", e => e.PrepFilesUpdate(I, 3, -1)),
        ("fallocate(sqe, 3, 4, 5, 6)", e => e.PrepFallocate(3, 4, 5, 6)),
        ("openat(sqe, 3, P, 4, 5)", e => e.PrepOpenat(3, S, 4, 5)),
        ("openat_direct(sqe, 3, P, 4, 5, 6)", e => e.PrepOpenatDirect(3, S, 4, 5, 6)),
        ("openat_direct(sqe, 3, P, 4, 5, ANY)", e => e.PrepOpenatDirect(3, S, 4, 5, FixedFiles.AnyIndex)),
        ("open(sqe, P, 4, 5)", e => e.PrepOpen(S, 4, 5)),
        ("open_direct(sqe, P, 4, 5, 6)", e => e.PrepOpenDirect(S, 4, 5, 6)),
        ("close(sqe, 3)", e => e.PrepClose(3)),
        ("close_direct(sqe, 3)", e => e.PrepCloseDirect(3)),
        ("read(sqe, 3, P, 4, 5)", e => e.PrepRead(3, P, 4, 5)),
        ("read_multishot(sqe, 3, 4, 5, 6)", e => e.PrepReadMultishot(3, 4, 5, 6)),
        ("write(sqe, 3, P, 4, 5)", e => e.PrepWrite(3, P, 4, 5)),
        ("statx(sqe, 3, P, 4, 5, Q)", e => e.PrepStatx(3, S, 4, 5, (FileStatus*)Q)),
        ("fadvise(sqe, 3, 4, 5, 6)", e => e.PrepFadvise(3, 4, 5, 6)),
        ("fadvise64(sqe, 3, 4, 5, 6)", e => e.PrepFadvise64(3, 4, 5, 6)),
        ("madvise(sqe, P, 4, 5)", e => e.PrepMadvise(P, 4, 5)),
        ("madvise64(sqe, P, 4, 5)", e => e.PrepMadvise64(P, 4, 5)),
        ("send(sqe, 3, P, 4, 5)", e => e.PrepSend(3, P, 4, 5)),
        ("send_bundle(sqe, 3, 4, 5)", e => e.PrepSendBundle(3, 4, 5)),
        ("sendto(sqe, 3, P, 4, 5, Q, 6)", e => e.PrepSendTo(3, P, 4, 5, Q, 6)),
        ("send_set_addr(sqe, P, 6)", e => e.PrepSendSetAddr(P, 6)),
        ("send_zc(sqe, 3, P, 4, 5, 8)", e => e.PrepSendZc(3, P, 4, 5, SendReceiveFlags.ReportUsage)),
        ("send_zc_fixed(sqe, 3, P, 4, 5, 1, 6)", e => e.PrepSendZcFixed(3, P, 4, 5, (SendReceiveFlags)1, 6)),
        ("recv(sqe, 3, P, 4, 5)", e => e.PrepRecv(3, P, 4, 5)),
        ("recv_multishot(sqe, 3, 0, 0, 5)", e => e.PrepRecvMultishot(3, 5)),
        ("openat2(sqe, 3, P, Q)", e => e.PrepOpenat2(3, S, (OpenHow*)Q)),
        ("openat2_direct(sqe, 3, P, Q, 4)", e => e.PrepOpenat2Direct(3, S, (OpenHow*)Q, 4)),
        ("provide_buffers(sqe, P, 3, 4, 5, 6)", e => e.PrepProvideBuffers(P, 3, 4, 5, 6)),
        ("remove_buffers(sqe, 3, 4)", e => e.PrepRemoveBuffers(3, 4)),
        ("shutdown(sqe, 3, 1)", e => e.PrepShutdown(3, 1)),
        ("unlinkat(sqe, 3, P, 4)", e => e.PrepUnlinkat(3, S, 4)),
        ("unlink(sqe, P, 4)", e => e.PrepUnlink(S, 4)),
        ("renameat(sqe, 3, P, 4, Q, 5)", e => e.PrepRenameat(3, S, 4, (byte*)Q, 5)),
        ("rename(sqe, P, Q)", e => e.PrepRename(S, (byte*)Q)),
        ("sync_file_range(sqe, 3, 4, 5, 6)", e => e.PrepSyncFileRange(3, 4, 5, 6)),
        ("mkdirat(sqe, 3, P, 4)", e => e.PrepMkdirat(3, S, 4)),
        ("mkdir(sqe, P, 4)", e => e.PrepMkdir(S, 4)),
        ("symlinkat(sqe, P, 3, Q)", e => e.PrepSymlinkat(S, 3, (byte*)Q)),
        ("symlink(sqe, P, Q)", e => e.PrepSymlink(S, (byte*)Q)),
        ("linkat(sqe, 3, P, 4, Q, 5)", e => e.PrepLinkat(3, S, 4, (byte*)Q, 5)),
        ("link(sqe, P, Q, 5)", e => e.PrepLink(S, (byte*)Q, 5)),
        ("msg_ring(sqe, 3, 4, 5, 0)", e => e.PrepMsgRing(3, 4, 5, MessageFlags.None)),
        ("msg_ring_cqe_flags(sqe, 3, 4, 5, 0, 6)", e => e.PrepMsgRingCqeFlags(3, 4, 5, MessageFlags.None, 6)),
        ("msg_ring_fd(sqe, 3, 4, 5, 6, 1)", e => e.PrepMsgRingFd(3, 4, 5, 6, MessageFlags.SkipCompletion)),
        ("msg_ring_fd_alloc(sqe, 3, 4, 5, 0)", e => e.PrepMsgRingFdAlloc(3, 4, 5, MessageFlags.None)),
        ("getxattr(sqe, P, Q, R, 4)", e => e.PrepGetxattr(S, (byte*)Q, R, 4)),
        ("setxattr(sqe, P, Q, R, 4, 5)", e => e.PrepSetxattr(S, (byte*)Q, R, 4, 5)),
        ("fgetxattr(sqe, 3, P, Q, 4)", e => e.PrepFgetxattr(3, S, (byte*)Q, 4)),
        ("fsetxattr(sqe, 3, P, Q, 4, 5)", e => e.PrepFsetxattr(3, S, (byte*)Q, 4, 5)),
        ("socket(sqe, 3, 4, 5, 6)", e => e.PrepSocket(3, 4, 5, 6)),
        ("socket_direct(sqe, 3, 4, 5, 6, 7)", e => e.PrepSocketDirect(3, 4, 5, 6, 7)),
        ("socket_direct_alloc(sqe, 3, 4, 5, 6)", e => e.PrepSocketDirectAlloc(3, 4, 5, 6)),
        ("uring_cmd(sqe, 3, 4)", e => e.PrepUringCmd(3, 4)),
        ("uring_cmd128(sqe, 3, 4)", e => Large(e).PrepUringCmd128(3, 4)),
        ("cmd_sock(sqe, 2, 4, 5, 6, P, 7)", e => e.PrepCmdSock(SocketCommand.GetOption, 4, 5, 6, P, 7)),
        ("cmd_getsockname(sqe, 3, P, Q, 1)", e => e.PrepCmdGetsockname(3, P, Q, true)),
        ("cmd_discard(sqe, 3, 4, 5)", e => e.PrepCmdDiscard(3, 4, 5)),
        ("cmd_zone_reset_all(sqe, 3)", e => e.PrepCmdZoneResetAll(3)),
        ("waitid(sqe, 1, 3, P, 4, 5)", e => e.PrepWaitid(1, 3, P, 4, 5)),
        ("futex_wake(sqe, P, 3, 4, 5, 6)", e => e.PrepFutexWake(Q - 1024, 3, 4, 5, 6)),
        ("futex_wait(sqe, P, 3, 4, 5, 6)", e => e.PrepFutexWait(Q - 1024, 3, 4, 5, 6)),
        ("futex_waitv(sqe, P, 3, 4)", e => e.PrepFutexWaitv((FutexWaiter*)P, 3, 4)),
        ("fixed_fd_install(sqe, 3, 1)", e => e.PrepFixedFdInstall(3, InstallFlags.KeepOnExec)),
        ("ftruncate(sqe, 3, 4)", e => e.PrepFtruncate(3, 4)),
        ("pipe(sqe, P, 4)", e => e.PrepPipe(I, 4)),
        ("pipe_direct(sqe, P, 4, 5)", e => e.PrepPipeDirect(I, 4, 5)),
    ];

    private delegate void Prepare(SubmissionEntry entry);

    // P, Q and R are addresses that nothing reads.
    private static void* P => (void*)0x1000;

    private static uint* Q => (uint*)0x2000;

    private static byte* R => (byte*)0x3000;

    private static byte* S => (byte*)P;

    private static int* I => (int*)P;

    private static IoVector* V => (IoVector*)P;

    private static MessageHeader* M => (MessageHeader*)P;

    private static Timespec* T => (Timespec*)P;

    private static string Header =>
        Environment.GetEnvironmentVariable("GAIN_LIBURING_HEADER") ?? InstalledHeader;

    [Test]
    public void Operations_fill_their_bytes_as_liburing_does()
    {
        string header = ReadHeader();
        var known = s_operations.Where(operation => IsIn(header, operation.Call)).ToArray();
        string[] theirs = CProgram.Run(Source(known.Select(operation => operation.Call)))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.That(known, Has.Length.GreaterThanOrEqualTo(60), "Too few functions were found.");
        Assert.That(theirs, Has.Length.EqualTo(known.Length));
        Assert.Multiple(() =>
        {
            for (int i = 0; i < known.Length; i++)
            {
                Assert.That(Bytes(known[i].Ours), Is.EqualTo(theirs[i]), known[i].Call);
            }
        });
        TestContext.Out.WriteLine($"{known.Length} compared");
    }

    [Test]
    public void Operations_that_are_newer_than_the_installed_liburing_are_named()
    {
        string header = ReadHeader();
        string[] newer =
            [.. s_operations.Select(o => o.Call).Where(call => !IsIn(header, call)).Select(NameOf)];
        if (newer.Length > 0)
        {
            Assert.Ignore($"newer than {Header}, and not compared: {string.Join(", ", newer.Distinct())}");
        }
    }

    [Test]
    public void Every_operation_of_the_list_is_compared()
    {
        IEnumerable<string> listed = LiburingNames.All
            .Where(name => name.StartsWith("io_uring_prep_", StringComparison.Ordinal));

        Assert.That(s_operations.Select(o => NameOf(o.Call)).Distinct(), Is.EquivalentTo(listed));
    }

    private static string NameOf(string call) => "io_uring_prep_" + call[..call.IndexOf('(')];

    // Before 2.4, which added msg_ring_fd_alloc, the functions did not know the index that stands for any.
    private static bool IsIn(string header, string call) =>
        Regex.IsMatch(header, $@"\b{NameOf(call)}\b")
        && (!call.Contains("ANY", StringComparison.Ordinal) || header.Contains("prep_msg_ring_fd_alloc"));

    private static LargeSubmissionEntry Large(SubmissionEntry entry) =>
        new(*(io_uring_sqe**)&entry);

    private static string ReadHeader()
    {
        if (!File.Exists(Header))
        {
            Assert.Ignore($"no {Header}: liburing-dev is not installed");
        }

        return File.ReadAllText(Header);
    }

    private static string Bytes(Prepare prepare)
    {
        io_uring_sqe sqe = default;
        prepare(new SubmissionEntry(&sqe));
        return Convert.ToHexStringLower(MemoryMarshal.AsBytes(new ReadOnlySpan<io_uring_sqe>(ref sqe)));
    }

    private static string Source(IEnumerable<string> calls)
    {
        StringBuilder source = new(
            $"""
            #define _GNU_SOURCE
            #include <stdio.h>
            #include <string.h>
            #include "{Header}"
            #define P (void *)0x1000
            #define Q (void *)0x2000
            #define R (void *)0x3000
            #define ANY IORING_FILE_INDEX_ALLOC
            static struct io_uring_sqe memory, *sqe = &memory;
            static void start(void) {"{ memset(sqe, 0, sizeof(*sqe)); }"}
            static void end(void)
            {"{"}
                for (unsigned i = 0; i < sizeof(*sqe); i++) printf("%02x", ((unsigned char *)sqe)[i]);
                printf("\n");
            {"}"}
            int main(void) {"{"}

            """);
        foreach (string call in calls)
        {
            source.Append(CultureInfo.InvariantCulture, $"start(); io_uring_prep_{call}; end();\n");
        }

        return source.Append("return 0; }\n").ToString();
    }
}
