using System.Runtime.InteropServices;
using Gain.Kernel;

namespace Gain.Tests.Server;

/// <summary>Memory that ends where nothing is mapped: reading a byte too many ends the process.</summary>
internal sealed unsafe class GuardedPages : IDisposable
{
    private const int ProtNone = 0;

    private readonly byte* _first;
    private readonly nuint _bytes;

    public GuardedPages(int capacity)
    {
        Capacity = (capacity + Environment.SystemPageSize - 1) & -Environment.SystemPageSize;
        _bytes = (nuint)(Capacity + Environment.SystemPageSize);
        int result = Libc.MMap(
            _bytes,
            Libc.PROT_READ | Libc.PROT_WRITE,
            Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS,
            fd: -1,
            offset: 0,
            out void* pages);
        Assert.That(result, Is.Zero);
        _first = (byte*)pages;
        Assert.That(mprotect(_first + Capacity, (nuint)Environment.SystemPageSize, ProtNone), Is.Zero);
    }

    public int Capacity { get; }

    /// <summary>The last bytes in front of the page that nobody may touch.</summary>
    public Span<byte> Last(int length) => new(_first + Capacity - length, length);

    public void Dispose() => Libc.MUnmap(_first, _bytes);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int mprotect(void* address, nuint bytes, int protection);
}
