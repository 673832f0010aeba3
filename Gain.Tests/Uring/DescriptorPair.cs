using System.Runtime.InteropServices;
using Gain.Kernel;

namespace Gain.Tests.Uring;

/// <summary>Two connected descriptors: a socket pair or a pipe. Closes what a test did not.</summary>
internal sealed unsafe class DescriptorPair : IDisposable
{
    private const int UnixDomain = 1;
    private const int Stream = 1;
    private const int CloseOnExec = 0x80000;

    private DescriptorPair(int first, int second) => (First, Second) = (first, second);

    /// <summary>One end; of a pipe the one to read from. -1 once it is closed.</summary>
    internal int First { get; private set; }

    /// <summary>The other end; of a pipe the one to write to. -1 once it is closed.</summary>
    internal int Second { get; private set; }

    internal static DescriptorPair Sockets()
    {
        int* ends = stackalloc int[2];
        Assert.That(socketpair(UnixDomain, Stream | CloseOnExec, 0, ends), Is.Zero);
        return new DescriptorPair(ends[0], ends[1]);
    }

    internal static DescriptorPair Pipe()
    {
        int* ends = stackalloc int[2];
        Assert.That(Libc.Pipe2(ends, Libc.O_CLOEXEC), Is.Zero);
        return new DescriptorPair(ends[0], ends[1]);
    }

    /// <summary>Descriptors of the pair's own for two that are someone else's.</summary>
    internal static DescriptorPair Duplicate(int first, int second)
    {
        DescriptorPair pair = new(dup(first), dup(second));
        Assert.That(pair.First, Is.GreaterThan(0));
        Assert.That(pair.Second, Is.GreaterThan(0));
        return pair;
    }

    /// <summary>Writes to the second end.</summary>
    internal void Write(ReadOnlySpan<byte> data)
    {
        fixed (byte* bytes = data)
        {
            Assert.That(Libc.Write(Second, bytes, (nuint)data.Length), Is.EqualTo((nint)data.Length));
        }
    }

    /// <summary>Reads from the first end.</summary>
    internal byte[] Read(int length)
    {
        byte[] data = new byte[length];
        fixed (byte* bytes = data)
        {
            nint count = Libc.Read(First, bytes, (nuint)length);
            Assert.That(count, Is.GreaterThanOrEqualTo((nint)0));
            return data[..(int)count];
        }
    }

    /// <summary>Forgets the first end, which the ring closed.</summary>
    internal int TakeFirst()
    {
        int fd = First;
        First = -1;
        return fd;
    }

    internal void CloseSecond()
    {
        Assert.That(Libc.Close(Second), Is.Zero);
        Second = -1;
    }

    public void Dispose()
    {
        if (First >= 0)
        {
            _ = Libc.Close(First);
        }

        if (Second >= 0)
        {
            _ = Libc.Close(Second);
        }
    }

    [DllImport("libc", ExactSpelling = true)]
    private static extern int socketpair(int domain, int type, int protocol, int* ends);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int dup(int fd);
}
