using Gain.Kernel;
using Gain.Rings;
using Gain.Sockets;
using Gain.Uring;

namespace Gain.Tests.Workers;

/// <summary>A ring whose completions a test plays, for loops that accept, read and send messages.</summary>
internal readonly unsafe struct PlayedRing(PlayedLoop loop) : IRing
{
    string IRing.Description => "played";

    long IRing.NowMs => loop.NowMs;

    long IRing.Overflows => 0;

    long IRing.CountHeldBack(ulong userData)
    {
        loop.FailIfAsked(nameof(IRing.CountHeldBack));
        return 0;
    }

    void IRing.PrepAccept(int listener, ulong userData) => loop.ArmAccept(userData, takesOne: false);

    void IRing.PrepAcceptOne(int listener, ulong userData) => loop.ArmAccept(userData, takesOne: true);

    int IRing.AcceptNow(int listener) => -Errno.EAGAIN;

    void IRing.PrepCancel(ulong target, ulong userData) => loop.Cancel(target, userData);

    void IRing.PrepMessage(int way, ulong data, ulong userData) => loop.Messages.Add(userData);

    void IRing.Enter(long timeoutNs) => loop.Enter(timeoutNs);

    void IRing.BeginBatch()
    {
    }

    bool IRing.TryTake(out CompletionEntry completion) => loop.Completions.TryDequeue(out completion);

    void IRing.EndBatch()
    {
    }

    void IRing.Close(int descriptor) => loop.Close(descriptor);

    void IRing.Wake()
    {
    }

    void IRing.Abandon()
    {
    }

    void IDisposable.Dispose()
    {
    }

    void IRing.HandleWake(CompletionEntry completion) => throw NotPlayed();

    void IRing.PrepReceive(int socket, ulong userData) => loop.ArmReceive(userData);

    void IRing.PrepSend(int socket, byte* data, int length, ulong userData) => loop.ArmSend(userData);

    void IRing.PrepSendGather(int socket, ReadOnlySpan<iovec> pieces, ulong userData) => throw NotPlayed();

    int IRing.SendNow(int socket, byte* data, int length)
    {
        loop.FailIfAsked(nameof(IRing.SendNow));
        return -Errno.EAGAIN;
    }

    int IConnector.OpenOutgoing(OutgoingSockets sockets, int family) => throw NotPlayed();

    void IConnector.PrepConnect(
        int socket, in sockaddr_storage address, uint length, ulong userData) =>
        throw NotPlayed();

    int IConnector.FinishConnect(int socket) => throw NotPlayed();

    int IRing.ShutdownWrite(int socket) => 0;

    void IRing.ResetOnClose(int socket) => loop.Resets.Add(socket);

    // Whoever asks learns that the peer is gone again.
    bool IRing.TryGetPeer(int socket, out GainAddress peer)
    {
        peer = default;
        return false;
    }

    int IRing.CountUnread(int socket) => 0;

    void IRing.PrepReceiveDatagrams(int socket, bool isUnix, ulong userData) => throw NotPlayed();

    Span<byte> IRing.ReceivedDatagram(ushort bufferId, int length) => throw NotPlayed();

    void IRing.RecycleDatagram(ushort bufferId) => throw NotPlayed();

    int IDatagramSink.SendDatagrams(int socket, mmsghdr* messages, int count) => throw NotPlayed();

    int ISplicer.OpenPipe(int bytes, out SplicePipe pipe) => throw NotPlayed();

    int ISplicer.PrepareSplice(int socket) => throw NotPlayed();

    int ISplicer.SpliceIn(int socket, in SplicePipe pipe, int length) => throw NotPlayed();

    int ISplicer.SpliceOut(in SplicePipe pipe, int socket, int length) => throw NotPlayed();

    int ISplicer.ReadPipe(in SplicePipe pipe, Span<byte> data) => throw NotPlayed();

    void ISplicer.PrepAwaitInput(int socket, ulong userData) => throw NotPlayed();

    void IRing.PrepAwaitRoom(int socket, ulong userData) => throw NotPlayed();

    void IRing.PrepAwaitHangUp(int socket, ulong userData) => loop.ArmHangUp(userData);

    void IRing.PrepCancelHangUp(int socket, ulong target, ulong userData) => loop.Cancel(target, userData);

    // Zeros.
    ReadOnlySpan<byte> IRing.Received(ushort bufferId, int length)
    {
        loop.FailIfAsked(nameof(IRing.Received));
        return new byte[length];
    }

    void IRing.Recycle(ushort bufferId)
    {
    }

    int IRing.CountLentBuffers() => 0;

    int IRing.OpenMessageWay() => -1;

    private static NotSupportedException NotPlayed() => new("No test plays this operation.");
}
