using Gain.Kernel;
using Gain.Uring;

namespace Gain.Rings;

/// <remarks>
/// The calls, and not IORING_OP_SPLICE: that one always goes to a thread of the kernel's. They look at the
/// descriptor's own mode, not at SPLICE_F_NONBLOCK, where a socket is concerned; receives and sends by the
/// ring wait all the same.
/// </remarks>
internal unsafe partial struct UringRing
{
    readonly int ISplicer.OpenPipe(int bytes, out SplicePipe pipe) => SpliceCalls.OpenPipe(bytes, out pipe);

    readonly int ISplicer.PrepareSplice(int socket) => Libc.SetNonBlocking(socket);

    readonly int ISplicer.SpliceIn(int socket, in SplicePipe pipe, int length) =>
        SpliceCalls.SpliceIn(socket, pipe, length);

    readonly int ISplicer.SpliceOut(in SplicePipe pipe, int socket, int length) =>
        SpliceCalls.SpliceOut(pipe, socket, length);

    readonly int ISplicer.ReadPipe(in SplicePipe pipe, Span<byte> data) => SpliceCalls.ReadPipe(pipe, data);

    void ISplicer.PrepAwaitInput(int socket, ulong userData)
    {
        SubmissionEntry entry = NextEntry();
        entry.PrepPollAdd(socket, (uint)(Libc.POLLIN | Libc.POLLRDHUP));
        entry.UserData = userData;
    }
}
