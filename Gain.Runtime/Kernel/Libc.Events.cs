using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>
/// The calls on any descriptor, besides those that rings need too. Each returns its result, or the negated
/// errno.
/// </summary>
internal abstract unsafe partial class Libc : RingLibc
{
    internal const int EFD_SEMAPHORE = 1;
    internal const int EFD_NONBLOCK = 0x800;
    internal const int EFD_CLOEXEC = 0x80000;
    internal const int O_NONBLOCK = 0x800;
    internal const int O_CLOEXEC = 0x80000;
    internal const short POLLIN = 0x001;
    internal const short POLLOUT = 0x004;
    internal const short POLLERR = 0x008;
    internal const short POLLHUP = 0x010;
    internal const short POLLNVAL = 0x020;
    internal const short POLLRDHUP = 0x2000;
    internal const int CLOCK_REALTIME = 0;

    /// <summary>eventfd(2): a descriptor.</summary>
    internal static int EventFd(uint initial, int flags)
    {
        int fd = eventfd(initial, flags);
        return fd >= 0 ? fd : -Marshal.GetLastSystemError();
    }

    /// <summary>pipe2(2): the end to read from, then the end to write to.</summary>
    internal static int Pipe2(int* ends, int flags) =>
        pipe2(ends, flags) == 0 ? 0 : -Marshal.GetLastSystemError();

    /// <summary>read(2): the number of bytes; 0 at the end of file.</summary>
    // SAFETY: the memory is the caller's; the kernel writes to it during the call only.
    internal static nint Read(int fd, void* memory, nuint bytes)
    {
        nint count = read(fd, memory, bytes);
        return count >= 0 ? count : -Marshal.GetLastSystemError();
    }

    /// <summary>write(2): the number of bytes.</summary>
    // SAFETY: the memory is the caller's; the kernel reads it during the call only.
    internal static nint Write(int fd, void* memory, nuint bytes)
    {
        nint count = write(fd, memory, bytes);
        return count >= 0 ? count : -Marshal.GetLastSystemError();
    }

    /// <summary>poll(2): the number of descriptors that have an event.</summary>
    internal static int Poll(pollfd* descriptors, nuint count, int timeoutMs)
    {
        int ready = poll(descriptors, count, timeoutMs);
        return ready >= 0 ? ready : -Marshal.GetLastSystemError();
    }

    /// <summary>clock_gettime(2); on 64-bit Linux its timespec is the kernel's.</summary>
    internal static int ClockGetTime(int clock, __kernel_timespec* time) =>
        clock_gettime(clock, time) == 0 ? 0 : -Marshal.GetLastSystemError();

    [DllImport("libc", ExactSpelling = true)]
    private static extern int eventfd(uint initial, int flags);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int pipe2(int* ends, int flags);

    [DllImport("libc", ExactSpelling = true)]
    private static extern nint read(int fd, void* memory, nuint bytes);

    [DllImport("libc", ExactSpelling = true)]
    private static extern nint write(int fd, void* memory, nuint bytes);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int poll(pollfd* descriptors, nuint count, int timeoutMs);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int clock_gettime(int clock, __kernel_timespec* time);
}
