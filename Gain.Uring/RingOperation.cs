using Gain.Kernel;

namespace Gain.Uring;

/// <summary>The operations of io_uring (<c>IORING_OP_*</c>), to probe for. See io_uring_enter(2).</summary>
public enum RingOperation : byte
{
    /// <summary>Nothing. Linux 5.1.</summary>
    Nop = IORING_OP.IORING_OP_NOP,

    /// <summary>readv(2). Linux 5.1.</summary>
    ReadVector = IORING_OP.IORING_OP_READV,

    /// <summary>writev(2). Linux 5.1.</summary>
    WriteVector = IORING_OP.IORING_OP_WRITEV,

    /// <summary>fsync(2). Linux 5.1.</summary>
    FileSync = IORING_OP.IORING_OP_FSYNC,

    /// <summary>A read into a registered buffer. Linux 5.1.</summary>
    ReadFixed = IORING_OP.IORING_OP_READ_FIXED,

    /// <summary>A write from a registered buffer. Linux 5.1.</summary>
    WriteFixed = IORING_OP.IORING_OP_WRITE_FIXED,

    /// <summary>poll(2). Linux 5.1.</summary>
    PollAdd = IORING_OP.IORING_OP_POLL_ADD,

    /// <summary>Ends or changes a poll. Linux 5.1.</summary>
    PollRemove = IORING_OP.IORING_OP_POLL_REMOVE,

    /// <summary>sync_file_range(2). Linux 5.2.</summary>
    SyncFileRange = IORING_OP.IORING_OP_SYNC_FILE_RANGE,

    /// <summary>sendmsg(2). Linux 5.3.</summary>
    SendMessage = IORING_OP.IORING_OP_SENDMSG,

    /// <summary>recvmsg(2). Linux 5.3.</summary>
    ReceiveMessage = IORING_OP.IORING_OP_RECVMSG,

    /// <summary>A timeout. Linux 5.4.</summary>
    Timeout = IORING_OP.IORING_OP_TIMEOUT,

    /// <summary>Ends or changes a timeout. Linux 5.5.</summary>
    TimeoutRemove = IORING_OP.IORING_OP_TIMEOUT_REMOVE,

    /// <summary>accept4(2). Linux 5.5.</summary>
    Accept = IORING_OP.IORING_OP_ACCEPT,

    /// <summary>Cancels operations. Linux 5.5.</summary>
    Cancel = IORING_OP.IORING_OP_ASYNC_CANCEL,

    /// <summary>The timeout of a linked operation. Linux 5.5.</summary>
    LinkTimeout = IORING_OP.IORING_OP_LINK_TIMEOUT,

    /// <summary>connect(2). Linux 5.5.</summary>
    Connect = IORING_OP.IORING_OP_CONNECT,

    /// <summary>fallocate(2). Linux 5.6.</summary>
    FileAllocate = IORING_OP.IORING_OP_FALLOCATE,

    /// <summary>openat(2). Linux 5.6.</summary>
    OpenAt = IORING_OP.IORING_OP_OPENAT,

    /// <summary>close(2). Linux 5.6.</summary>
    Close = IORING_OP.IORING_OP_CLOSE,

    /// <summary>Changes registered files. Linux 5.6.</summary>
    FilesUpdate = IORING_OP.IORING_OP_FILES_UPDATE,

    /// <summary>statx(2). Linux 5.6.</summary>
    FileStatus = IORING_OP.IORING_OP_STATX,

    /// <summary>read(2), pread(2). Linux 5.6.</summary>
    Read = IORING_OP.IORING_OP_READ,

    /// <summary>write(2), pwrite(2). Linux 5.6.</summary>
    Write = IORING_OP.IORING_OP_WRITE,

    /// <summary>posix_fadvise(2). Linux 5.6.</summary>
    FileAdvise = IORING_OP.IORING_OP_FADVISE,

    /// <summary>madvise(2). Linux 5.6.</summary>
    MemoryAdvise = IORING_OP.IORING_OP_MADVISE,

    /// <summary>send(2). Linux 5.6.</summary>
    Send = IORING_OP.IORING_OP_SEND,

    /// <summary>recv(2). Linux 5.6.</summary>
    Receive = IORING_OP.IORING_OP_RECV,

    /// <summary>openat2(2). Linux 5.6.</summary>
    OpenAt2 = IORING_OP.IORING_OP_OPENAT2,

    /// <summary>epoll_ctl(2). Linux 5.6.</summary>
    EpollControl = IORING_OP.IORING_OP_EPOLL_CTL,

    /// <summary>splice(2). Linux 5.7.</summary>
    Splice = IORING_OP.IORING_OP_SPLICE,

    /// <summary>Adds buffers to a group. Linux 5.7.</summary>
    ProvideBuffers = IORING_OP.IORING_OP_PROVIDE_BUFFERS,

    /// <summary>Takes buffers from a group. Linux 5.7.</summary>
    RemoveBuffers = IORING_OP.IORING_OP_REMOVE_BUFFERS,

    /// <summary>tee(2). Linux 5.8.</summary>
    Tee = IORING_OP.IORING_OP_TEE,

    /// <summary>shutdown(2). Linux 5.11.</summary>
    Shutdown = IORING_OP.IORING_OP_SHUTDOWN,

    /// <summary>renameat2(2). Linux 5.11.</summary>
    RenameAt = IORING_OP.IORING_OP_RENAMEAT,

    /// <summary>unlinkat(2). Linux 5.11.</summary>
    UnlinkAt = IORING_OP.IORING_OP_UNLINKAT,

    /// <summary>mkdirat(2). Linux 5.15.</summary>
    MakeDirectoryAt = IORING_OP.IORING_OP_MKDIRAT,

    /// <summary>symlinkat(2). Linux 5.15.</summary>
    SymbolicLinkAt = IORING_OP.IORING_OP_SYMLINKAT,

    /// <summary>linkat(2). Linux 5.15.</summary>
    LinkAt = IORING_OP.IORING_OP_LINKAT,

    /// <summary>Posts a completion on another ring. Linux 5.18.</summary>
    MessageRing = IORING_OP.IORING_OP_MSG_RING,

    /// <summary>fsetxattr(2). Linux 5.19.</summary>
    FileSetAttribute = IORING_OP.IORING_OP_FSETXATTR,

    /// <summary>setxattr(2). Linux 5.19.</summary>
    SetAttribute = IORING_OP.IORING_OP_SETXATTR,

    /// <summary>fgetxattr(2). Linux 5.19.</summary>
    FileGetAttribute = IORING_OP.IORING_OP_FGETXATTR,

    /// <summary>getxattr(2). Linux 5.19.</summary>
    GetAttribute = IORING_OP.IORING_OP_GETXATTR,

    /// <summary>socket(2). Linux 5.19.</summary>
    Socket = IORING_OP.IORING_OP_SOCKET,

    /// <summary>A command of the file's own. Linux 5.19.</summary>
    Command = IORING_OP.IORING_OP_URING_CMD,

    /// <summary>send(2) without a copy. Linux 6.0.</summary>
    SendZeroCopy = IORING_OP.IORING_OP_SEND_ZC,

    /// <summary>sendmsg(2) without a copy. Linux 6.1.</summary>
    SendMessageZeroCopy = IORING_OP.IORING_OP_SENDMSG_ZC,

    /// <summary>A read that goes on. Linux 6.7.</summary>
    ReadMultishot = IORING_OP.IORING_OP_READ_MULTISHOT,

    /// <summary>waitid(2). Linux 6.7.</summary>
    WaitId = IORING_OP.IORING_OP_WAITID,

    /// <summary>futex_wait. Linux 6.7.</summary>
    FutexWait = IORING_OP.IORING_OP_FUTEX_WAIT,

    /// <summary>futex_wake. Linux 6.7.</summary>
    FutexWake = IORING_OP.IORING_OP_FUTEX_WAKE,

    /// <summary>futex_waitv(2). Linux 6.7.</summary>
    FutexWaitVector = IORING_OP.IORING_OP_FUTEX_WAITV,

    /// <summary>Makes a descriptor of a registered file. Linux 6.8.</summary>
    FixedFileInstall = IORING_OP.IORING_OP_FIXED_FD_INSTALL,

    /// <summary>ftruncate(2). Linux 6.9.</summary>
    FileTruncate = IORING_OP.IORING_OP_FTRUNCATE,

    /// <summary>bind(2). Linux 6.11.</summary>
    Bind = IORING_OP.IORING_OP_BIND,

    /// <summary>listen(2). Linux 6.11.</summary>
    Listen = IORING_OP.IORING_OP_LISTEN,

    /// <summary>A receive without a copy. Linux 6.15.</summary>
    ReceiveZeroCopy = IORING_OP.IORING_OP_RECV_ZC,

    /// <summary>epoll_wait(2). Linux 6.15.</summary>
    EpollWait = IORING_OP.IORING_OP_EPOLL_WAIT,

    /// <summary>readv(2) into registered buffers. Linux 6.15.</summary>
    ReadVectorFixed = IORING_OP.IORING_OP_READV_FIXED,

    /// <summary>writev(2) from registered buffers. Linux 6.15.</summary>
    WriteVectorFixed = IORING_OP.IORING_OP_WRITEV_FIXED,

    /// <summary>pipe2(2). Linux 6.16.</summary>
    Pipe = IORING_OP.IORING_OP_PIPE,

    /// <summary>Nothing, as an entry of 128 bytes. Linux 6.19.</summary>
    Nop128 = IORING_OP.IORING_OP_NOP128,

    /// <summary>A command, as an entry of 128 bytes. Linux 6.19.</summary>
    Command128 = IORING_OP.IORING_OP_URING_CMD128,
}
