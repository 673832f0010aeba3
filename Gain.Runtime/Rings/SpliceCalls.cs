using Gain.Kernel;

namespace Gain.Rings;

/// <summary>The calls behind <see cref="ISplicer"/>, the same for every ring of the kernel's.</summary>
internal static unsafe class SpliceCalls
{
    private const uint Flags = Libc.SPLICE_F_MOVE | Libc.SPLICE_F_NONBLOCK;

    /// <summary>As <see cref="ISplicer.OpenPipe"/>.</summary>
    public static int OpenPipe(int bytes, out SplicePipe pipe)
    {
        int* ends = stackalloc int[2];
        int result = Libc.Pipe2(ends, Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        pipe = result == 0 ? new SplicePipe(ends[0], ends[1]) : default;
        if (result == 0)
        {
            // Beyond fs.pipe-user-pages-soft it keeps what it has, which is enough to work.
            Libc.SetPipeBytes(pipe.Write, bytes);
        }

        return result;
    }

    /// <summary>As <see cref="ISplicer.SpliceIn"/>.</summary>
    public static int SpliceIn(int socket, in SplicePipe pipe, int length) =>
        Splice(socket, pipe.Write, length, Flags);

    /// <summary>As <see cref="ISplicer.SpliceOut"/>.</summary>
    public static int SpliceOut(in SplicePipe pipe, int socket, int length) =>
        Splice(pipe.Read, socket, length, Flags);

    /// <summary>As <see cref="ISplicer.ReadPipe"/>.</summary>
    // SAFETY: the kernel writes to the memory during the call only.
    public static int ReadPipe(in SplicePipe pipe, Span<byte> data)
    {
        fixed (byte* place = data)
        {
            int count;
            do
            {
                count = (int)Libc.Read(pipe.Read, place, (nuint)data.Length);
            }
            while (count == -Errno.EINTR);
            return count;
        }
    }

    private static int Splice(int from, int to, int length, uint flags)
    {
        int moved;
        do
        {
            moved = (int)Libc.Splice(from, to, (nuint)length, flags);
        }
        while (moved == -Errno.EINTR);
        return moved;
    }
}
