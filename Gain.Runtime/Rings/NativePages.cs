using Gain.Kernel;

namespace Gain.Rings;

/// <summary>
/// Memory from the kernel: zeroed pages, which take memory only when they are first touched.
/// </summary>
internal static unsafe class NativePages
{
    private const int Plain = Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS;

    private static long s_mappedBytes;

    /// <summary>The bytes that are mapped now, of the whole process, as they were asked for. Any
    /// thread.</summary>
    public static long MappedBytes => Interlocked.Read(ref s_mappedBytes);

    /// <summary>Maps at least as many bytes.</summary>
    // SAFETY: the pages are the caller's until it unmaps them; if they were lent to a ring, after its end.
    public static void* Map(nuint bytes)
    {
        int result = Map(bytes, Plain, out void* pages);
        return result == 0
            ? pages
            : throw GainException.ForSystemCall($"Cannot reserve {bytes:N0} bytes of memory", -result);
    }

    /// <summary>Maps bytes at a multiple of their number, which is a power of two.</summary>
    /// <returns>Null when the system has none.</returns>
    // SAFETY: as for Map. What is mapped too much in front and behind is unmapped at once.
    public static void* TryMapAligned(nuint bytes)
    {
        if (Map(bytes * 2, Plain, out void* found) != 0)
        {
            return null;
        }

        var pages = (byte*)found;
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

    /// <summary>
    /// Maps addresses of which few are expected to be used: they do not count as memory before they are.
    /// </summary>
    /// <returns>Null when the system refuses that many (<c>ulimit -v</c>, vm.overcommit_memory).</returns>
    // SAFETY: as for Map.
    public static void* TryReserve(nuint bytes) =>
        Map(bytes, Plain | Libc.MAP_NORESERVE, out void* pages) == 0 ? pages : null;

    /// <summary>Unmaps what <see cref="Map(nuint)"/> or <see cref="TryReserve"/> returned.</summary>
    public static void Unmap(void* pages, nuint bytes)
    {
        if (pages is not null)
        {
            Libc.MUnmap(pages, bytes);
            Interlocked.Add(ref s_mappedBytes, -(long)bytes);
        }
    }

    private static int Map(nuint bytes, int flags, out void* pages)
    {
        int result = Libc.MMap(
            bytes, Libc.PROT_READ | Libc.PROT_WRITE, flags, fd: -1, offset: 0, out pages);
        if (result == 0)
        {
            Interlocked.Add(ref s_mappedBytes, (long)bytes);
        }

        return result;
    }
}
