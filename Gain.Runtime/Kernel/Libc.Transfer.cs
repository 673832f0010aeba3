using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>What rings call where io_uring has operations, or to test these. Results as elsewhere.</summary>
internal abstract unsafe partial class Libc
{
    private const int F_GETFL = 3;
    private const int F_SETFL = 4;
    private const int F_SETPIPE_SZ = 1031;
    private const nuint FIONREAD = 0x541B;
    internal const uint SPLICE_F_MOVE = 1;
    internal const uint SPLICE_F_NONBLOCK = 2;

    /// <summary>recv(2): the number of bytes; 0 at the end of the stream.</summary>
    // SAFETY: the memory is the caller's; the kernel writes to it during the call only.
    internal static nint Recv(int fd, void* data, nuint length, int flags)
    {
        nint received = recv(fd, data, length, flags);
        return received >= 0 ? received : -Marshal.GetLastSystemError();
    }

    /// <summary>sendmsg(2): the number of bytes that the socket took.</summary>
    // SAFETY: the kernel reads the header and what it names during the call only.
    internal static nint SendMsg(int fd, msghdr* message, int flags)
    {
        nint sent = sendmsg(fd, message, flags);
        return sent >= 0 ? sent : -Marshal.GetLastSystemError();
    }

    /// <summary>fcntl(2): makes what the descriptor stands for non-blocking.</summary>
    internal static int SetNonBlocking(int fd)
    {
        int flags = fcntl(fd, F_GETFL, 0);
        return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) >= 0
            ? 0
            : -Marshal.GetLastSystemError();
    }

    /// <summary>fcntl(2): makes what the descriptor stands for blocking again.</summary>
    internal static int SetBlocking(int fd)
    {
        int flags = fcntl(fd, F_GETFL, 0);
        return flags >= 0 && fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) >= 0
            ? 0
            : -Marshal.GetLastSystemError();
    }

    /// <summary>
    /// FIONREAD of ioctl(2): the bytes that can be read at once; of a datagram socket, those of the next one.
    /// </summary>
    internal static int CountUnread(int fd)
    {
        int bytes;
        return ioctl(fd, FIONREAD, &bytes) == 0 ? bytes : -Marshal.GetLastSystemError();
    }

    /// <summary>splice(2) without offsets: the bytes that were moved.</summary>
    internal static nint Splice(int from, int to, nuint length, uint flags)
    {
        nint moved = splice(from, null, to, null, length, flags);
        return moved >= 0 ? moved : -Marshal.GetLastSystemError();
    }

    /// <summary>fcntl(2), F_SETPIPE_SZ: how much a pipe holds, which it returns.</summary>
    internal static int SetPipeBytes(int fd, int bytes)
    {
        int size = fcntl(fd, F_SETPIPE_SZ, bytes);
        return size >= 0 ? size : -Marshal.GetLastSystemError();
    }

    /// <summary>socketpair(2): two connected sockets.</summary>
    internal static int SocketPair(int domain, int type, int protocol, int* ends) =>
        socketpair(domain, type, protocol, ends) == 0 ? 0 : -Marshal.GetLastSystemError();

    /// <summary>connect(2).</summary>
    internal static int Connect(int fd, void* address, uint length) =>
        connect(fd, address, length) == 0 ? 0 : -Marshal.GetLastSystemError();

    [DllImport("libc", ExactSpelling = true)]
    private static extern nint recv(int fd, void* data, nuint length, int flags);

    [DllImport("libc", ExactSpelling = true)]
    private static extern nint sendmsg(int fd, msghdr* message, int flags);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int socketpair(int domain, int type, int protocol, int* ends);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int connect(int fd, void* address, uint length);

    [DllImport("libc", ExactSpelling = true)]
    private static extern nint splice(
        int from, long* fromOffset, int to, long* toOffset, nuint length, uint flags);

    // Variadic, and sound with a fixed signature as syscall(2) is.
    [DllImport("libc", ExactSpelling = true)]
    private static extern int fcntl(int fd, int command, nint argument);

    // As fcntl.
    [DllImport("libc", ExactSpelling = true)]
    private static extern int ioctl(int fd, nuint request, int* value);
}
