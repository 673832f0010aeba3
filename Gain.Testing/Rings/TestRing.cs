using Gain.Kernel;
using Gain.Rings;
using Gain.Sockets;
using Gain.Uring;

namespace Gain.Testing.Rings;

/// <summary><see cref="TestKernel"/> behind the seam: its members by the ring's names.</summary>
internal readonly unsafe struct TestRing(TestKernel kernel) : IRing
{
    string IRing.Description => "in memory, for tests";

    long IRing.NowMs => kernel.NowMs;

    long IRing.Overflows => 0;

    void IRing.PrepAccept(int listener, ulong userData) => kernel.PrepAccept(listener, userData, false);

    void IRing.PrepAcceptOne(int listener, ulong userData) => kernel.PrepAccept(listener, userData, true);

    int IRing.AcceptNow(int listener) => kernel.AcceptNow(listener);

    void IRing.PrepReceive(int socket, ulong userData) => kernel.PrepReceive(socket, userData);

    void IRing.PrepSend(int socket, byte* data, int length, ulong userData) => kernel.PrepSend(
        socket, [new iovec { iov_base = data, iov_len = (nuint)length }], userData);

    void IRing.PrepSendGather(int socket, ReadOnlySpan<iovec> pieces, ulong userData) =>
        kernel.PrepSend(socket, pieces, userData);

    int IRing.SendNow(int socket, byte* data, int length) =>
        kernel.SendNow(socket, new ReadOnlySpan<byte>(data, length));

    int IRing.ShutdownWrite(int socket) => kernel.ShutdownWrite(socket);

    void IRing.ResetOnClose(int socket) => kernel.ResetOnClose(socket);

    void IRing.Close(int descriptor) => kernel.Close(descriptor);

    bool IRing.TryGetPeer(int socket, out GainAddress peer) => kernel.TryGetPeer(socket, out peer);

    int IRing.CountUnread(int socket) => kernel.CountUnread(socket);

    long IRing.CountHeldBack(ulong userData) => 0;

    void IRing.PrepAwaitHangUp(int socket, ulong userData) => kernel.PrepAwaitHangUp(socket, userData);

    void IRing.PrepCancelHangUp(int socket, ulong target, ulong userData) =>
        kernel.PrepCancel(target, userData);

    void IRing.PrepCancel(ulong target, ulong userData) => kernel.PrepCancel(target, userData);

    void IRing.Enter(long timeoutNs) => kernel.Enter(timeoutNs);

    void IRing.BeginBatch() => kernel.BeginBatch();

    bool IRing.TryTake(out CompletionEntry completion) => kernel.TryTake(out completion);

    void IRing.EndBatch()
    {
        // Buffers go back one by one.
    }

    ReadOnlySpan<byte> IRing.Received(ushort bufferId, int length) => kernel.Buffers.Read(bufferId, length);

    void IRing.Recycle(ushort bufferId) => kernel.Buffers.Recycle(bufferId);

    int IRing.CountLentBuffers() => kernel.Buffers.Lent;

    void IRing.Wake() => kernel.Wake();

    void IRing.HandleWake(CompletionEntry completion)
    {
        // The wait for the next one goes on by itself.
    }

    int IRing.OpenMessageWay() => -1;

    void IRing.PrepMessage(int way, ulong data, ulong userData) => throw None("messages between workers");

    void IRing.PrepReceiveDatagrams(int socket, bool isUnix, ulong userData) => throw None("datagrams");

    Span<byte> IRing.ReceivedDatagram(ushort bufferId, int length) => throw None("datagrams");

    void IRing.RecycleDatagram(ushort bufferId) => throw None("datagrams");

    void IRing.PrepAwaitRoom(int socket, ulong userData) => throw None("datagrams");

    int IDatagramSink.SendDatagrams(int socket, mmsghdr* messages, int count) => throw None("datagrams");

    int IConnector.OpenOutgoing(OutgoingSockets sockets, int family) => throw None("dialling");

    void IConnector.PrepConnect(
        int socket, in sockaddr_storage address, uint length, ulong userData) => throw None("dialling");

    int IConnector.FinishConnect(int socket) => throw None("dialling");

    // There are no sockets: all is copied.
    int ISplicer.OpenPipe(int bytes, out SplicePipe pipe) => throw None("pipes");

    int ISplicer.PrepareSplice(int socket) => -Errno.EOPNOTSUPP;

    int ISplicer.SpliceIn(int socket, in SplicePipe pipe, int length) => throw None("pipes");

    int ISplicer.SpliceOut(in SplicePipe pipe, int socket, int length) => throw None("pipes");

    int ISplicer.ReadPipe(in SplicePipe pipe, Span<byte> data) => throw None("pipes");

    void ISplicer.PrepAwaitInput(int socket, ulong userData) => throw None("pipes");

    void IRing.Abandon() => kernel.Dispose();

    public void Dispose() => kernel.Dispose();

    private static NotSupportedException None(string what) => new(
        $"A TestServer has no {what}: test that with a GainServer over real sockets.");
}
