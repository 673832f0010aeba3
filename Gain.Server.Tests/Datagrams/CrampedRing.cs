using Gain.Kernel;
using Gain.Rings;
using Gain.Sockets;
using Gain.Uring;

namespace Gain.Tests.Server.Datagrams;

/// <summary>A ring whose sockets have room for datagrams only when they are told to.</summary>
internal readonly unsafe struct CrampedRing(IRing inner, CrampedRing.Valve valve) : IRing
{
    string IRing.Description => inner.Description;

    long IRing.NowMs => inner.NowMs;

    long IRing.Overflows => inner.Overflows;

    long IRing.CountHeldBack(ulong userData) => inner.CountHeldBack(userData);

    int IDatagramSink.SendDatagrams(int socket, mmsghdr* messages, int count)
    {
        valve.Calls++;
        return valve.IsShut ? -Errno.EAGAIN : inner.SendDatagrams(socket, messages, count);
    }

    // The real socket has room: the wait is for the valve.
    void IRing.PrepAwaitRoom(int socket, ulong userData)
    {
        valve.Waits++;
        inner.PrepAwaitRoom(valve.IsShut ? valve.Never : socket, userData);
    }

    void IRing.PrepAccept(int listener, ulong userData) => inner.PrepAccept(listener, userData);

    void IRing.PrepAcceptOne(int listener, ulong userData) => inner.PrepAcceptOne(listener, userData);

    void IRing.PrepReceive(int socket, ulong userData) => inner.PrepReceive(socket, userData);

    void IRing.PrepSend(int socket, byte* data, int length, ulong userData) =>
        inner.PrepSend(socket, data, length, userData);

    void IRing.PrepSendGather(int socket, ReadOnlySpan<iovec> pieces, ulong userData) =>
        inner.PrepSendGather(socket, pieces, userData);

    int IRing.SendNow(int socket, byte* data, int length) => inner.SendNow(socket, data, length);

    int IConnector.OpenOutgoing(OutgoingSockets sockets, int family) => inner.OpenOutgoing(sockets, family);

    void IConnector.PrepConnect(
        int socket, in sockaddr_storage address, uint length, ulong userData) =>
        inner.PrepConnect(socket, in address, length, userData);

    int IConnector.FinishConnect(int socket) => inner.FinishConnect(socket);

    int ISplicer.OpenPipe(int bytes, out SplicePipe pipe) => inner.OpenPipe(bytes, out pipe);

    int ISplicer.PrepareSplice(int socket) => inner.PrepareSplice(socket);

    int ISplicer.SpliceIn(int socket, in SplicePipe pipe, int length) =>
        inner.SpliceIn(socket, pipe, length);

    int ISplicer.SpliceOut(in SplicePipe pipe, int socket, int length) =>
        inner.SpliceOut(pipe, socket, length);

    int ISplicer.ReadPipe(in SplicePipe pipe, Span<byte> data) => inner.ReadPipe(pipe, data);

    void ISplicer.PrepAwaitInput(int socket, ulong userData) => inner.PrepAwaitInput(socket, userData);

    int IRing.ShutdownWrite(int socket) => inner.ShutdownWrite(socket);

    void IRing.ResetOnClose(int socket) => inner.ResetOnClose(socket);

    void IRing.Close(int descriptor) => inner.Close(descriptor);

    bool IRing.TryGetPeer(int socket, out GainAddress peer) => inner.TryGetPeer(socket, out peer);

    void IRing.PrepReceiveDatagrams(int socket, bool isUnix, ulong userData)
    {
        // ENOTCONN is what no socket for datagrams says.
        bool isBroken = valve.BrokenReceives-- > 0;
        inner.PrepReceiveDatagrams(isBroken ? valve.Unconnected : socket, isUnix, userData);
    }

    int IRing.CountUnread(int socket) => inner.CountUnread(socket);

    int IRing.AcceptNow(int listener) => inner.AcceptNow(listener);

    int IRing.OpenMessageWay() => inner.OpenMessageWay();

    void IRing.PrepMessage(int way, ulong data, ulong userData) => inner.PrepMessage(way, data, userData);

    Span<byte> IRing.ReceivedDatagram(ushort bufferId, int length) =>
        inner.ReceivedDatagram(bufferId, length);

    void IRing.RecycleDatagram(ushort bufferId) => inner.RecycleDatagram(bufferId);

    void IRing.PrepAwaitHangUp(int socket, ulong userData) => inner.PrepAwaitHangUp(socket, userData);

    void IRing.PrepCancelHangUp(int socket, ulong target, ulong userData) =>
        inner.PrepCancelHangUp(socket, target, userData);

    void IRing.PrepCancel(ulong target, ulong userData) => inner.PrepCancel(target, userData);

    void IRing.Enter(long timeoutNs) => inner.Enter(timeoutNs);

    void IRing.BeginBatch() => inner.BeginBatch();

    bool IRing.TryTake(out CompletionEntry completion) => inner.TryTake(out completion);

    void IRing.EndBatch() => inner.EndBatch();

    ReadOnlySpan<byte> IRing.Received(ushort bufferId, int length) => inner.Received(bufferId, length);

    void IRing.Recycle(ushort bufferId) => inner.Recycle(bufferId);

    int IRing.CountLentBuffers() => inner.CountLentBuffers();

    void IRing.Abandon() => inner.Abandon();

    void IRing.Wake() => inner.Wake();

    void IRing.HandleWake(CompletionEntry completion) => inner.HandleWake(completion);

    public void Dispose() => inner?.Dispose();

    /// <summary>Whether sockets have room. A full pair of sockets is what the ring waits for.</summary>
    internal sealed class Valve : IDisposable
    {
        private readonly int _theirs;
        private volatile bool _isShut;
        private int _calls;
        private int _waits;

        public Valve()
        {
            int* pair = stackalloc int[2];
            const int type = SocketAbi.SOCK_DGRAM | SocketAbi.SOCK_CLOEXEC;
            Assert.That(Libc.SocketPair(SocketAbi.AF_UNIX, type, 0, pair), Is.Zero);
            Never = pair[0];
            _theirs = pair[1];
            Unconnected = Libc.Socket(SocketAbi.AF_INET, SocketAbi.SOCK_STREAM | SocketAbi.SOCK_CLOEXEC, 0);
        }

        /// <summary>A socket that has no room as long as the valve is shut.</summary>
        public int Never { get; }

        /// <summary>A socket that receiving from fails.</summary>
        public int Unconnected { get; }

        /// <summary>The receives that are to fail, from the next one on.</summary>
        public int BrokenReceives { get; set; }

        public bool IsShut => _isShut;

        public int Calls
        {
            get => Volatile.Read(ref _calls);
            set => Volatile.Write(ref _calls, value);
        }

        public int Waits
        {
            get => Volatile.Read(ref _waits);
            set => Volatile.Write(ref _waits, value);
        }

        public void Shut()
        {
            byte data = 0;
            while (Libc.Send(Never, &data, 1, SocketAbi.MSG_DONTWAIT) == 1)
            {
                // Until the other end's queue is full.
            }

            _isShut = true;
        }

        public void Open()
        {
            _isShut = false;
            byte data;
            while (Libc.Recv(_theirs, &data, 1, SocketAbi.MSG_DONTWAIT) == 1)
            {
                // Until it is empty: whoever waits for room is told.
            }
        }

        public void Dispose()
        {
            Libc.Close(Never);
            Libc.Close(_theirs);
            Libc.Close(Unconnected);
        }
    }

    /// <summary>Makes the ring of one worker.</summary>
    internal sealed class Factory(GainRing kind, Valve valve) : IRingFactory<CrampedRing>
    {
        public CrampedRing Create(RingSettings settings) => new(
            kind == GainRing.Uring
                ? new UringRingFactory(KernelRingCalls.Instance).Create(settings)
                : new EpollRingFactory("epoll").Create(settings),
            valve);
    }
}
