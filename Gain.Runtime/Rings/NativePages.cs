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

    /// <summary>Maps bytes at a multiple of their number, which is a power of two.</summary>
    // SAFETY: as for Map. What is mapped too much in front and behind is unmapped at once.
    public static void* MapAligned(nuint bytes)
    {
        var pages = (byte*)Map(bytes * 2);
        var aligned = (byte*)(((nuint)pages + bytes - 1) & ~(bytes - 1));
        nuint before = (nuint)(aligned - pages);
        if (before != 0)
        {
            Unmap(pages, before);
        }

        if (before != bytes)
        {
            Unmap(aligned + bytes, bytes - before);
        }

        return aligned;
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
