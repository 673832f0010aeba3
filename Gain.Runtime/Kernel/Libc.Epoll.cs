using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>The calls of epoll. Each returns its result, or the negated errno.</summary>
/// <remarks>
/// <c>struct epoll_event</c> is packed on x64 only: 12 bytes there with the data at 4, and 16 elsewhere with
/// the data at 8. One assembly serves both, so events are read from memory by these distances.
/// </remarks>
internal abstract unsafe partial class Libc
{
    internal const int EPOLL_CLOEXEC = 0x80000;
    internal const int EPOLL_CTL_ADD = 1;
    internal const int EPOLL_CTL_DEL = 2;
    internal const int EPOLL_CTL_MOD = 3;
    internal const uint EPOLLIN = 0x001;
    internal const uint EPOLLPRI = 0x002;
    internal const uint EPOLLOUT = 0x004;
    internal const uint EPOLLERR = 0x008;
    internal const uint EPOLLHUP = 0x010;
    internal const uint EPOLLRDHUP = 0x2000;
    internal const uint EPOLLEXCLUSIVE = 0x10000000;
    internal const uint EPOLLET = 0x80000000;

    private const int LargestEvent = 16;

    /// <summary>The size of one <c>struct epoll_event</c>.</summary>
    internal static int EpollEventBytes =>
        RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    /// <summary>epoll_create1(2): a descriptor.</summary>
    internal static int EpollCreate(int flags)
    {
        int fd = epoll_create1(flags);
        return fd >= 0 ? fd : -Marshal.GetLastSystemError();
    }

    /// <summary>epoll_ctl(2).</summary>
    // SAFETY: the kernel reads the event during the call only, and it is as large as the largest layout.
    internal static int EpollControl(int epoll, int operation, int fd, uint events, ulong data)
    {
        byte* entry = stackalloc byte[LargestEvent];
        Unsafe.WriteUnaligned(entry, events);
        Unsafe.WriteUnaligned(entry + EpollEventBytes - sizeof(ulong), data);
        return epoll_ctl(epoll, operation, fd, entry) == 0 ? 0 : -Marshal.GetLastSystemError();
    }

    /// <summary>epoll_wait(2): the number of events; a negative time means no limit.</summary>
    // SAFETY: the memory holds as many events; the kernel writes to it during the call only.
    internal static int EpollWait(int epoll, void* events, int capacity, int timeoutMs)
    {
        int ready = epoll_wait(epoll, events, capacity, timeoutMs);
        return ready >= 0 ? ready : -Marshal.GetLastSystemError();
    }

    /// <summary>What happened, of the event at an index.</summary>
    // SAFETY: the index is below the count that the wait returned.
    internal static uint EpollEventsAt(void* events, int index) =>
        Unsafe.ReadUnaligned<uint>((byte*)events + (nint)index * EpollEventBytes);

    /// <summary>What was registered with the descriptor, of the event at an index.</summary>
    // SAFETY: as for the events; the data is the last field in either layout.
    internal static ulong EpollDataAt(void* events, int index) =>
        Unsafe.ReadUnaligned<ulong>((byte*)events + (nint)(index + 1) * EpollEventBytes - sizeof(ulong));

    [DllImport("libc", ExactSpelling = true)]
    private static extern int epoll_create1(int flags);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int epoll_ctl(int epoll, int operation, int fd, void* entry);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int epoll_wait(int epoll, void* events, int capacity, int timeoutMs);
}
