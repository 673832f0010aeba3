using System.Runtime.CompilerServices;
using static Gain.Kernel.IORING_ACCEPT;
using static Gain.Kernel.IORING_OP;

namespace Gain.Uring;

public readonly unsafe ref partial struct SubmissionEntry
{
    /// <summary>
    /// Accepts one connection as a registered file. The result is 0, or the index that the kernel picked;
    /// ENFILE when none is free. Linux 5.15, io_uring_prep_accept_direct(3).
    /// </summary>
    /// <param name="fd">A listening socket.</param>
    /// <param name="address">Where the peer's address goes, until the completion; null: nowhere.</param>
    /// <param name="addressLength">
    /// The size of <paramref name="address"/>, then its length; or null.
    /// </param>
    /// <param name="flags">SOCK_NONBLOCK (0x800).</param>
    /// <param name="fileIndex">
    /// The index in the ring's registered files, or <see cref="FixedFiles.AnyIndex"/>, which lets the
    /// kernel pick one that the result names.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepAcceptDirect(int fd, void* address, uint* addressLength, int flags, uint fileIndex)
    {
        PrepAccept(fd, address, addressLength, flags);
        SetTargetFile(fileIndex);
    }

    /// <summary>
    /// Accepts connections until it is cancelled or fails, also with EMFILE, ENFILE or ECONNABORTED; each
    /// completion's result is a descriptor. The peers' addresses overwrite each other. Linux 5.19,
    /// io_uring_prep_multishot_accept(3).
    /// </summary>
    /// <param name="fd">A listening socket.</param>
    /// <param name="address">
    /// Where each peer's address goes, until the last completion; null: nowhere.
    /// </param>
    /// <param name="addressLength">
    /// The size of <paramref name="address"/>, then its length; or null.
    /// </param>
    /// <param name="flags">SOCK_CLOEXEC (0x80000), SOCK_NONBLOCK (0x800).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepMultishotAccept(int fd, void* address, uint* addressLength, int flags)
    {
        PrepAccept(fd, address, addressLength, flags);
        _sqe->ioprio = IORING_ACCEPT_MULTISHOT;
    }

    /// <summary>
    /// Like <see cref="PrepMultishotAccept(int, void*, uint*, int)"/>, but as registered files, whose indexes
    /// the results are. Linux 5.19, io_uring_prep_multishot_accept_direct(3).
    /// </summary>
    /// <param name="fd">A listening socket.</param>
    /// <param name="address">As for <see cref="PrepMultishotAccept(int, void*, uint*, int)"/>.</param>
    /// <param name="addressLength">As for <see cref="PrepMultishotAccept(int, void*, uint*, int)"/>.</param>
    /// <param name="flags">SOCK_NONBLOCK (0x800).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepMultishotAcceptDirect(int fd, void* address, uint* addressLength, int flags)
    {
        PrepMultishotAccept(fd, address, addressLength, flags);
        SetTargetFile(FixedFiles.AnyIndex);
    }

    /// <summary>
    /// Connects a socket. The result has the errors of the system call, such as ECONNREFUSED and ETIMEDOUT.
    /// Linux 5.5, io_uring_prep_connect(3), connect(2).
    /// </summary>
    /// <param name="fd">A socket.</param>
    /// <param name="address">The <c>sockaddr</c>; read at submission.</param>
    /// <param name="addressLength">Its size in bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepConnect(int fd, void* address, uint addressLength)
    {
        _sqe->opcode = IORING_OP_CONNECT;
        _sqe->fd = fd;
        _sqe->off = addressLength;
        _sqe->addr = (ulong)address;
    }

    /// <summary>Binds a socket to an address. Linux 6.11, io_uring_prep_bind(3), bind(2).</summary>
    /// <param name="fd">A socket.</param>
    /// <param name="address">The <c>sockaddr</c>; read at submission.</param>
    /// <param name="addressLength">Its size in bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepBind(int fd, void* address, uint addressLength)
    {
        _sqe->opcode = IORING_OP_BIND;
        _sqe->fd = fd;
        _sqe->off = addressLength;
        _sqe->addr = (ulong)address;
    }

    /// <summary>Has a bound socket listen. Linux 6.11, io_uring_prep_listen(3), listen(2).</summary>
    /// <param name="fd">A bound socket.</param>
    /// <param name="backlog">
    /// The most connections that wait to be accepted; net.core.somaxconn caps it.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepListen(int fd, int backlog)
    {
        _sqe->opcode = IORING_OP_LISTEN;
        _sqe->fd = fd;
        _sqe->len = (uint)backlog;
    }

    /// <summary>
    /// Ends one direction of a connection, or both. The kernel always runs it on a worker thread:
    /// shutdown(2) itself is faster. Linux 5.11, io_uring_prep_shutdown(3), shutdown(2).
    /// </summary>
    /// <param name="fd">A connected socket.</param>
    /// <param name="how">SHUT_RD (0), SHUT_WR (1) or SHUT_RDWR (2).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepShutdown(int fd, int how)
    {
        _sqe->opcode = IORING_OP_SHUTDOWN;
        _sqe->fd = fd;
        _sqe->len = (uint)how;
    }

    /// <summary>
    /// Makes a socket; the result is its descriptor. Linux 5.19, io_uring_prep_socket(3), socket(2).
    /// </summary>
    /// <param name="domain">AF_UNIX (1), AF_INET (2), AF_INET6 (10), ….</param>
    /// <param name="type">
    /// SOCK_STREAM (1) or SOCK_DGRAM (2), with SOCK_CLOEXEC (0x80000), SOCK_NONBLOCK (0x800).
    /// </param>
    /// <param name="protocol">0 for the usual one.</param>
    /// <param name="flags">0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepSocket(int domain, int type, int protocol, uint flags)
    {
        _sqe->opcode = IORING_OP_SOCKET;
        _sqe->fd = domain;
        _sqe->off = (ulong)(uint)type;
        _sqe->len = (uint)protocol;
        _sqe->rw_flags = flags;
    }

    /// <summary>
    /// Like <see cref="PrepSocket"/>, but as a registered file. Linux 5.19, io_uring_prep_socket_direct(3).
    /// </summary>
    /// <param name="domain">As for <see cref="PrepSocket"/>.</param>
    /// <param name="type">As for <see cref="PrepSocket"/>, without SOCK_CLOEXEC.</param>
    /// <param name="protocol">0 for the usual one.</param>
    /// <param name="fileIndex">
    /// The index in the ring's registered files, or <see cref="FixedFiles.AnyIndex"/>, which lets the
    /// kernel pick one that the result names.
    /// </param>
    /// <param name="flags">0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepSocketDirect(int domain, int type, int protocol, uint fileIndex, uint flags)
    {
        PrepSocket(domain, type, protocol, flags);
        SetTargetFile(fileIndex);
    }

    /// <summary>
    /// Like <see cref="PrepSocketDirect"/>, but at an index that the kernel picks: the result. Linux 5.19,
    /// io_uring_prep_socket_direct_alloc(3).
    /// </summary>
    /// <param name="domain">As for <see cref="PrepSocket"/>.</param>
    /// <param name="type">As for <see cref="PrepSocket"/>, without SOCK_CLOEXEC.</param>
    /// <param name="protocol">0 for the usual one.</param>
    /// <param name="flags">0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrepSocketDirectAlloc(int domain, int type, int protocol, uint flags)
    {
        PrepSocketDirect(domain, type, protocol, FixedFiles.AnyIndex, flags);
    }
}
