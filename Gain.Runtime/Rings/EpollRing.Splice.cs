using Gain.Kernel;

namespace Gain.Rings;

/// <remarks>The calls of splice(2), and what the set knows after them.</remarks>
internal unsafe partial struct EpollRing
{
    readonly int ISplicer.OpenPipe(int bytes, out SplicePipe pipe) => SpliceCalls.OpenPipe(bytes, out pipe);

    readonly int ISplicer.PrepareSplice(int socket) => Libc.SetNonBlocking(socket);

    // How much it moves says nothing about what is left: a pipe has places for pieces, and not for bytes.
    readonly int ISplicer.SpliceIn(int socket, in SplicePipe pipe, int length)
    {
        int moved = SpliceCalls.SpliceIn(socket, pipe, length);
        if (moved == -Errno.EAGAIN && socket < _table.Capacity)
        {
            _table[socket].Flags &= ~EpollFlags.Readable;
        }

        return moved;
    }

    readonly int ISplicer.SpliceOut(in SplicePipe pipe, int socket, int length) =>
        SpliceCalls.SpliceOut(pipe, socket, length);

    readonly int ISplicer.ReadPipe(in SplicePipe pipe, Span<byte> data) => SpliceCalls.ReadPipe(pipe, data);

    void ISplicer.PrepAwaitInput(int socket, ulong userData)
    {
        if (socket >= _table.Capacity)
        {
            _completions.Add(userData, -Errno.EMFILE, 0);
            return;
        }

        ArmRead(socket, EpollFlags.AwaitingInput, userData);
    }
}
