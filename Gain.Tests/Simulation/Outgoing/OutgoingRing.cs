using Gain.Kernel;
using Gain.Rings;
using Gain.Sockets;
using Gain.Uring;

namespace Gain.Tests.Simulation.Outgoing;

/// <summary><see cref="OutgoingKernel"/> behind the seam.</summary>
internal readonly unsafe struct OutgoingRing(OutgoingKernel kernel) : IRing
{
    string IRing.Description => "simulation of outgoing connections";

    long IRing.NowMs => kernel.World.NowMs;

    long IRing.Overflows => 0;

    long IRing.CountHeldBack(ulong userData) => 0;

    void IRing.PrepAccept(int listener, ulong userData) => kernel.PrepAccept(userData, takesOne: false);

    void IRing.PrepAcceptOne(int listener, ulong userData) => kernel.PrepAccept(userData, takesOne: true);

    void IRing.PrepReceive(int socket, ulong userData) => kernel.PrepReceive(socket, userData);

    void IRing.PrepSend(int socket, byte* data, int length, ulong userData) => kernel.PrepSend(
        socket, [new iovec { iov_base = data, iov_len = (nuint)length }], userData);

    void IRing.PrepSendGather(int socket, ReadOnlySpan<iovec> pieces, ulong userData) =>
        kernel.PrepSend(socket, pieces, userData);

    int IRing.SendNow(int socket, byte* data, int length) =>
        kernel.SendNow(socket, new ReadOnlySpan<byte>(data, length));

    int IRing.ShutdownWrite(int socket) => kernel.ShutdownWrite(socket);

    void IRing.ResetOnClose(int socket) => kernel.SocketOf(socket);

    void IRing.Close(int descriptor) => kernel.Close(descriptor);

    bool IRing.TryGetPeer(int socket, out GainAddress peer)
    {
        OutgoingSocket one = kernel.SocketOf(socket);
        peer = new GainAddress((UInt128)(1_000 + one.Id) << 64, 1);
        return !one.IsReset;
    }

    int IRing.CountUnread(int socket) => kernel.CountUnread(socket);

    int IRing.AcceptNow(int listener) => kernel.AcceptNow();

    int IConnector.OpenOutgoing(OutgoingSockets sockets, int family) => kernel.OpenOutgoing();

    void IConnector.PrepConnect(
        int socket, in sockaddr_storage address, uint length, ulong userData) =>
        kernel.PrepConnect(socket, in address, length, userData);

    int IConnector.FinishConnect(int socket) => kernel.FinishConnect(socket);

    void IRing.PrepAwaitHangUp(int socket, ulong userData) => kernel.PrepAwaitHangUp(socket, userData);

    void IRing.PrepCancelHangUp(int socket, ulong target, ulong userData) =>
        kernel.PrepCancel(target, userData);

    void IRing.PrepCancel(ulong target, ulong userData) => kernel.PrepCancel(target, userData);

    void IRing.Enter(long timeoutNs) => kernel.Enter(timeoutNs);

    void IRing.BeginBatch() => kernel.BeginBatch();

    bool IRing.TryTake(out CompletionEntry completion) => kernel.TryTake(out completion);

    void IRing.EndBatch() => kernel.EndBatch();

    ReadOnlySpan<byte> IRing.Received(ushort bufferId, int length) => kernel.Received(bufferId, length);

    void IRing.Recycle(ushort bufferId) => kernel.Recycle(bufferId);

    int IRing.CountLentBuffers() => kernel.LentBuffers;

    void IRing.Wake() => kernel.Wake();

    void IRing.Abandon()
    {
    }

    void IRing.HandleWake(CompletionEntry completion) =>
        throw new NotSupportedException("The world wakes a worker without a completion.");

    int IRing.OpenMessageWay() => -1;

    void IRing.PrepMessage(int way, ulong data, ulong userData) =>
        throw new NotSupportedException("There is no way to send by.");

    void IRing.PrepReceiveDatagrams(int socket, bool isUnix, ulong userData) => throw NoDatagrams();

    Span<byte> IRing.ReceivedDatagram(ushort bufferId, int length) => throw NoDatagrams();

    void IRing.RecycleDatagram(ushort bufferId) => throw NoDatagrams();

    void IRing.PrepAwaitRoom(int socket, ulong userData) => throw NoDatagrams();

    int IDatagramSink.SendDatagrams(int socket, mmsghdr* messages, int count) => throw NoDatagrams();

    int ISplicer.OpenPipe(int bytes, out SplicePipe pipe) => throw NoPairs();

    int ISplicer.PrepareSplice(int socket) => throw NoPairs();

    int ISplicer.SpliceIn(int socket, in SplicePipe pipe, int length) => throw NoPairs();

    int ISplicer.SpliceOut(in SplicePipe pipe, int socket, int length) => throw NoPairs();

    int ISplicer.ReadPipe(in SplicePipe pipe, Span<byte> data) => throw NoPairs();

    void ISplicer.PrepAwaitInput(int socket, ulong userData) => throw NoPairs();

    public void Dispose()
    {
    }

    private static NotSupportedException NoPairs() => new("This world has no coupled connections.");

    private static NotSupportedException NoDatagrams() => new("This world has connections only.");
}
