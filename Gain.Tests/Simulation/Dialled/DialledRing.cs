using Gain.Kernel;
using Gain.Rings;
using Gain.Sockets;
using Gain.Uring;

namespace Gain.Tests.Simulation.Dialled;

/// <summary><see cref="DialledKernel"/> behind the seam: it has no connections.</summary>
internal readonly unsafe struct DialledRing(DialledKernel kernel) : IRing
{
    string IRing.Description => "simulation of dialled sockets";

    long IRing.NowMs => kernel.NowMs;

    long IRing.Overflows => 0;

    long IRing.CountHeldBack(ulong userData) => 0;

    int IDatagramSink.SendDatagrams(int socket, mmsghdr* messages, int count) =>
        kernel.Send(socket, messages, count);

    void IRing.PrepReceiveDatagrams(int socket, bool isUnix, ulong userData) =>
        kernel.Receive(socket, userData);

    Span<byte> IRing.ReceivedDatagram(ushort bufferId, int length) => kernel.Received(bufferId, length);

    void IRing.RecycleDatagram(ushort bufferId) => kernel.Recycle(bufferId);

    void IRing.PrepAwaitRoom(int socket, ulong userData) => kernel.AwaitRoom(socket, userData);

    void IRing.PrepAwaitHangUp(int socket, ulong userData) => throw NoConnections();

    void IRing.PrepCancelHangUp(int socket, ulong target, ulong userData) => throw NoConnections();

    void IRing.PrepCancel(ulong target, ulong userData) => kernel.Cancel(target, userData);

    void IRing.Enter(long timeoutNs) => kernel.Enter(timeoutNs);

    void IRing.BeginBatch() => kernel.BeginBatch();

    bool IRing.TryTake(out CompletionEntry completion) => kernel.TryTake(out completion);

    void IRing.EndBatch() => kernel.EndBatch();

    int IRing.CountLentBuffers() => kernel.LentBuffers;

    void IRing.Close(int descriptor) => kernel.Close(descriptor);

    void IRing.Wake() => kernel.Wake();

    void IRing.Abandon()
    {
    }

    void IRing.PrepAccept(int listener, ulong userData) => throw NoConnections();

    void IRing.PrepAcceptOne(int listener, ulong userData) => throw NoConnections();

    void IRing.PrepReceive(int socket, ulong userData) => throw NoConnections();

    void IRing.PrepSend(int socket, byte* data, int length, ulong userData) => throw NoConnections();

    void IRing.PrepSendGather(int socket, ReadOnlySpan<iovec> pieces, ulong userData) =>
        throw NoConnections();

    int IRing.SendNow(int socket, byte* data, int length) => throw NoConnections();

    int IConnector.OpenOutgoing(OutgoingSockets sockets, int family) => kernel.Open();

    void IConnector.PrepConnect(
        int socket, in sockaddr_storage address, uint length, ulong userData) =>
        kernel.Connect(socket, in address, userData);

    int IConnector.FinishConnect(int socket) => kernel.FinishConnect(socket);

    int ISplicer.OpenPipe(int bytes, out SplicePipe pipe) => throw NoConnections();

    int ISplicer.PrepareSplice(int socket) => throw NoConnections();

    int ISplicer.SpliceIn(int socket, in SplicePipe pipe, int length) => throw NoConnections();

    int ISplicer.SpliceOut(in SplicePipe pipe, int socket, int length) => throw NoConnections();

    int ISplicer.ReadPipe(in SplicePipe pipe, Span<byte> data) => throw NoConnections();

    void ISplicer.PrepAwaitInput(int socket, ulong userData) => throw NoConnections();

    int IRing.ShutdownWrite(int socket) => throw NoConnections();

    void IRing.ResetOnClose(int socket) => throw NoConnections();

    bool IRing.TryGetPeer(int socket, out GainAddress peer) => kernel.TryGetPeer(socket, out peer);

    ReadOnlySpan<byte> IRing.Received(ushort bufferId, int length) => throw NoConnections();

    void IRing.Recycle(ushort bufferId) => throw NoConnections();

    void IRing.HandleWake(CompletionEntry completion) => throw NoConnections();

    int IRing.CountUnread(int socket) => kernel.CountUnread(socket);

    int IRing.AcceptNow(int listener) => throw NoConnections();

    int IRing.OpenMessageWay() => -1;

    void IRing.PrepMessage(int way, ulong data, ulong userData) => throw NoConnections();

    public void Dispose()
    {
    }

    private static NotSupportedException NoConnections() => new("This world has datagrams only.");
}
