using Gain.Kernel;
using Gain.Rings;
using Gain.Sockets;
using Gain.Uring;

namespace Gain.Tests.Simulation;

/// <summary><see cref="SimulatedKernel"/> behind the seam: its members by the ring's names.</summary>
internal readonly unsafe struct SimulatedRing(SimulatedKernel kernel) : IRing
{
    string IRing.Description => "simulation";

    long IRing.NowMs => kernel.World.NowMs;

    void IRing.PrepAccept(int listener, ulong userData) => kernel.PrepAccept(listener, userData);

    void IRing.PrepAcceptOne(int listener, ulong userData) =>
        kernel.PrepAccept(listener, userData, takesOne: true);

    void IRing.PrepReceive(int socket, ulong userData) => kernel.PrepReceive(socket, userData);

    void IRing.PrepSend(int socket, byte* data, int length, ulong userData) => kernel.PrepSend(
        socket, [new iovec { iov_base = data, iov_len = (nuint)length }], userData);

    void IRing.PrepSendGather(int socket, ReadOnlySpan<iovec> pieces, ulong userData) =>
        kernel.PrepSend(socket, pieces, userData);

    int IRing.CountUnread(int socket) => kernel.CountUnread(socket);

    int IRing.AcceptNow(int listener) => kernel.AcceptNow(listener);

    void IRing.PrepReceiveDatagrams(int socket, bool isUnix, ulong userData) => throw NoDatagrams();

    Span<byte> IRing.ReceivedDatagram(ushort bufferId, int length) => throw NoDatagrams();

    void IRing.RecycleDatagram(ushort bufferId) => throw NoDatagrams();

    int IDatagramSink.SendDatagrams(int socket, mmsghdr* messages, int count) => throw NoDatagrams();

    void IRing.PrepAwaitRoom(int socket, ulong userData) => kernel.PrepAwaitRoom(socket, userData);

    int ISplicer.OpenPipe(int bytes, out SplicePipe pipe) => kernel.OpenPipe(bytes, out pipe);

    int ISplicer.PrepareSplice(int socket) => kernel.PrepareSplice(socket);

    int ISplicer.SpliceIn(int socket, in SplicePipe pipe, int length) =>
        kernel.SpliceIn(socket, pipe, length);

    int ISplicer.SpliceOut(in SplicePipe pipe, int socket, int length) =>
        kernel.SpliceOut(pipe, socket, length);

    int ISplicer.ReadPipe(in SplicePipe pipe, Span<byte> data) => kernel.ReadPipe(pipe, data);

    void ISplicer.PrepAwaitInput(int socket, ulong userData) => kernel.PrepAwaitInput(socket, userData);

    int IRing.SendNow(int socket, byte* data, int length) =>
        kernel.SendNow(socket, new ReadOnlySpan<byte>(data, length));

    int IConnector.OpenOutgoing(OutgoingSockets sockets, int family) => kernel.OpenOutgoing();

    void IConnector.PrepConnect(
        int socket, in sockaddr_storage address, uint length, ulong userData) =>
        kernel.PrepConnect(socket, in address, length, userData);

    int IConnector.FinishConnect(int socket) => kernel.FinishConnect(socket);

    int IRing.ShutdownWrite(int socket) => kernel.ShutdownWrite(socket);

    void IRing.ResetOnClose(int socket) => kernel.ResetOnClose(socket);

    void IRing.Close(int descriptor) => kernel.Close(descriptor);

    long IRing.Overflows => kernel.Overflows;

    long IRing.CountHeldBack(ulong userData) => kernel.CountHeldBack(userData);

    bool IRing.TryGetPeer(int socket, out GainAddress peer) => kernel.TryGetPeer(socket, out peer);

    void IRing.PrepAwaitHangUp(int socket, ulong userData) => kernel.PrepAwaitHangUp(socket, userData);

    void IRing.PrepCancelHangUp(int socket, ulong target, ulong userData) =>
        kernel.PrepCancel(target, userData);

    void IRing.PrepCancel(ulong target, ulong userData) => kernel.PrepCancel(target, userData);

    void IRing.Enter(long timeoutNs) => kernel.Enter(timeoutNs);

    void IRing.BeginBatch() => kernel.BeginBatch();

    bool IRing.TryTake(out CompletionEntry completion) => kernel.TryTake(out completion);

    void IRing.EndBatch() => kernel.EndBatch();

    ReadOnlySpan<byte> IRing.Received(ushort bufferId, int length) =>
        kernel.Buffers.Read(bufferId, length);

    void IRing.Recycle(ushort bufferId) => kernel.Buffers.Recycle(bufferId);

    int IRing.CountLentBuffers() => kernel.Buffers.CountLent();

    void IRing.Abandon() => kernel.Dispose();

    void IRing.Wake() => kernel.Wake();

    int IRing.OpenMessageWay() => -1;

    void IRing.PrepMessage(int way, ulong data, ulong userData) =>
        throw new NotSupportedException("The simulated kernel has no messages: there is no way to send by.");

    void IRing.HandleWake(CompletionEntry completion) => kernel.HandleWake(completion);

    public void Dispose() => kernel.Dispose();

    private static NotSupportedException NoDatagrams() =>
        new("This world has connections only: Simulation/Datagrams has one for datagrams.");
}
