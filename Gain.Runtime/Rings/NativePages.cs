using Gain.Kernel;

namespace Gain.Rings;

/// <summary>
/// Memory from the kernel: zeroed pages, which take memory only when they are first touched.
/// </summary>
internal static unsafe class NativePages
{
    /// <summary>Maps at least as many bytes.</summary>
    // SAFETY: the pages are the caller's until it unmaps them; if they were lent to a ring, after its end.
    public static void* Map(nuint bytes)
    {
        int result = Libc.MMap(
            bytes,
            Libc.PROT_READ | Libc.PROT_WRITE,
            Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS,
            fd: -1,
            offset: 0,
            out void* pages);
        return result == 0
            ? pages
            : throw GainException.ForSystemCall($"Cannot reserve {bytes:N0} bytes of memory", -result);
    }

    /// <summary>Unmaps what <see cref="Map"/> returned.</summary>
    public static void Unmap(void* pages, nuint bytes)
    {
        if (pages is not null)
        {
            Libc.MUnmap(pages, bytes);
        }
    }
}
