using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>The calls that map memory, and close. Each returns 0, or the negated errno.</summary>
internal abstract unsafe partial class RingLibc
{
    internal const int PROT_READ = 1;
    internal const int PROT_WRITE = 2;
    internal const int MAP_SHARED = 0x01;
    internal const int MAP_PRIVATE = 0x02;
    internal const int MAP_ANONYMOUS = 0x20;
    internal const int MAP_NORESERVE = 0x4000;
    internal const int MAP_POPULATE = 0x8000;
    internal const int MAP_HUGETLB = 0x40000;
    internal const int MADV_DONTFORK = 10;
    internal const int MADV_HUGEPAGE = 14;
    internal const int RLIMIT_NOFILE = 7;
    internal const int RLIMIT_MEMLOCK = 8;
    internal const ulong RLIM_INFINITY = ulong.MaxValue;
    internal const int CLOCK_MONOTONIC = 1;
    internal const int CLOCK_BOOTTIME = 7;

    /// <summary>mmap(2), at an address that the kernel picks.</summary>
    // SAFETY: the mapping is the caller's until it unmaps it.
    internal static int MMap(nuint bytes, int protection, int flags, int fd, ulong offset, out void* address)
    {
        address = mmap(null, bytes, protection, flags, fd, (long)offset);
        if (address != (void*)-1)
        {
            return 0;
        }

        int errno = Marshal.GetLastSystemError();
        address = null;
        return -errno;
    }

    /// <summary>munmap(2).</summary>
    // SAFETY: nothing may use the range anymore, the kernel's side of it included.
    internal static int MUnmap(void* address, nuint bytes) =>
        munmap(address, bytes) == 0 ? 0 : -Marshal.GetLastSystemError();

    /// <summary>madvise(2).</summary>
    internal static int MAdvise(void* address, nuint bytes, int advice) =>
        madvise(address, bytes, advice) == 0 ? 0 : -Marshal.GetLastSystemError();

    /// <summary>getrlimit(2).</summary>
    internal static int GetRLimit(int resource, rlimit* limit) =>
        getrlimit(resource, limit) == 0 ? 0 : -Marshal.GetLastSystemError();

    /// <summary>
    /// close(2). Linux has freed the descriptor also when the result is EINTR or EIO: never call it twice.
    /// </summary>
    internal static int Close(int fd) => close(fd) == 0 ? 0 : -Marshal.GetLastSystemError();

    [DllImport("libc", ExactSpelling = true)]
    private static extern int close(int fd);

    [DllImport("libc", ExactSpelling = true)]
    private static extern void* mmap(void* hint, nuint bytes, int protection, int flags, int fd, long offset);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int munmap(void* address, nuint bytes);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int madvise(void* address, nuint bytes, int advice);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int getrlimit(int resource, rlimit* limit);
}
