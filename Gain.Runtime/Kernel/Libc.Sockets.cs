using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>The socket calls. Each returns its result, or the negated errno, and throws nothing.</summary>
/// <remarks>
/// The imports are blittable and GC-preemptive: a call that blocks never holds up a collection. Nothing
/// managed runs between a call and <see cref="Marshal.GetLastSystemError"/>, and the runtime keeps errno
/// over a collection that it joins on the way back.
/// </remarks>
internal abstract unsafe partial class Libc
{
    /// <summary>socket(2).</summary>
    internal static int Socket(int domain, int type, int protocol)
    {
        int fd = socket(domain, type, protocol);
        return fd >= 0 ? fd : -Marshal.GetLastSystemError();
    }

    /// <summary>bind(2).</summary>
    internal static int Bind(int fd, void* address, uint length) =>
        bind(fd, address, length) == 0 ? 0 : -Marshal.GetLastSystemError();

    /// <summary>listen(2); the kernel clamps the backlog to net.core.somaxconn.</summary>
    internal static int Listen(int fd, int backlog) =>
        listen(fd, backlog) == 0 ? 0 : -Marshal.GetLastSystemError();

    /// <summary>
    /// accept4(2); both <paramref name="address"/> and <paramref name="length"/> may be null.
    /// </summary>
    internal static int Accept4(int fd, void* address, uint* length, int flags)
    {
        int accepted = accept4(fd, address, length, flags);
        return accepted >= 0 ? accepted : -Marshal.GetLastSystemError();
    }

    /// <summary>getsockname(2).</summary>
    internal static int GetSockName(int fd, void* address, uint* length) =>
        getsockname(fd, address, length) == 0 ? 0 : -Marshal.GetLastSystemError();

    /// <summary>getpeername(2).</summary>
    internal static int GetPeerName(int fd, void* address, uint* length) =>
        getpeername(fd, address, length) == 0 ? 0 : -Marshal.GetLastSystemError();

    /// <summary>setsockopt(2).</summary>
    internal static int SetSockOpt(int fd, int level, int name, void* value, uint length) =>
        setsockopt(fd, level, name, value, length) == 0 ? 0 : -Marshal.GetLastSystemError();

    /// <summary>getsockopt(2).</summary>
    internal static int GetSockOpt(int fd, int level, int name, void* value, uint* length) =>
        getsockopt(fd, level, name, value, length) == 0 ? 0 : -Marshal.GetLastSystemError();

    /// <summary>shutdown(2).</summary>
    internal static int Shutdown(int fd, int how) =>
        shutdown(fd, how) == 0 ? 0 : -Marshal.GetLastSystemError();

    /// <summary>send(2): the number of bytes that the socket took.</summary>
    internal static nint Send(int fd, void* data, nuint length, int flags)
    {
        nint sent = send(fd, data, length, flags);
        return sent >= 0 ? sent : -Marshal.GetLastSystemError();
    }

    /// <summary>if_nametoindex(3): the index of a network interface, at least 1.</summary>
    internal static long IfNameToIndex(byte* name)
    {
        uint index = if_nametoindex(name);
        return index != 0 ? index : -Marshal.GetLastSystemError();
    }

    [DllImport("libc", ExactSpelling = true)]
    private static extern int socket(int domain, int type, int protocol);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int bind(int fd, void* address, uint length);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int listen(int fd, int backlog);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int accept4(int fd, void* address, uint* length, int flags);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int getsockname(int fd, void* address, uint* length);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int getpeername(int fd, void* address, uint* length);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int setsockopt(int fd, int level, int name, void* value, uint length);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int getsockopt(int fd, int level, int name, void* value, uint* length);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int shutdown(int fd, int how);

    [DllImport("libc", ExactSpelling = true)]
    private static extern nint send(int fd, void* data, nuint length, int flags);

    [DllImport("libc", ExactSpelling = true)]
    private static extern uint if_nametoindex(byte* name);
}
