using System.Runtime.CompilerServices;
using Gain.Kernel;
using Gain.Sockets;
using Gain.Uring;

namespace Gain.Rings;

/// <summary>The kernel's ring behind the seam: an io_uring, its receive buffers, and the wake-up.</summary>
internal unsafe partial struct UringRing : IRing
{
    private const int SendFlags = SocketAbi.MSG_NOSIGNAL | SocketAbi.MSG_WAITALL;

    // As many as newer kernels take of one operation before they go on with the next: MULTISHOT_MAX_RETRY.
    private const int LongestRun = 32;

    private readonly Ring _ring;
    private readonly DatagramBuffers? _datagrams;
    private readonly WakeEvent _wake;
    private readonly GatherScratch _gather;
    private readonly ConnectScratch _connects;
    private readonly ulong _wakeToken;

    // Completions that had to leave the ring before their turn: always empty, or almost, where the kernel
    // limits the run of one operation.
    private readonly FairQueue _queue;
    private readonly uint _longestRun;

    private PublishedBuffers _buffers;
    private uint _ready;
    private uint _taken;

    internal UringRing(RingSettings settings, IRingCalls calls)
    {
        _wakeToken = settings.WakeToken;
        try
        {
            _ring = Ring.Create(new RingOptions { Entries = settings.Entries }, calls);
            int longestRun = FindLongestRun(settings);
            _longestRun = (uint)longestRun;
            int most = (int)_ring.CompletionCapacity + settings.BufferCount + settings.DatagramBufferCount;
            _queue = new FairQueue(most, longestRun);
            _gather = new GatherScratch(_ring.SubmissionCapacity);
            _connects = new ConnectScratch(_ring.SubmissionCapacity);
            _wake = new WakeEvent();
            _buffers = new PublishedBuffers(_ring, settings.BufferCount, settings.BufferBytes);
            if (settings.DatagramBufferCount != 0)
            {
                _datagrams = new DatagramBuffers(
                    _ring, settings.DatagramBufferCount, settings.DatagramBufferBytes);
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        EndBatch();
        PrepWake();
    }

    readonly string IRing.Description => $"io_uring ({RingFlagNames.Describe(_ring.Flags)})";

    readonly long IRing.NowMs => MonotonicClock.NowMs;

    readonly long IRing.Overflows => (long)(_ring?.Overflows ?? 0) + (_queue?.Refusals ?? 0);

    void IRing.PrepAccept(int listener, ulong userData)
    {
        SubmissionEntry entry = NextEntry();
        entry.PrepAcceptMultishot(listener, SocketAbi.SOCK_CLOEXEC);
        entry.UserData = userData;
    }

    // A multishot accept keeps its place among those who wait, and the kernel wakes the first of them: one
    // ring would get all connections. This one leaves when it is woken, and the next waits behind the others.
    void IRing.PrepAcceptOne(int listener, ulong userData)
    {
        SubmissionEntry entry = NextEntry();
        entry.PrepAccept(listener, null, null, SocketAbi.SOCK_CLOEXEC);
        entry.UserData = userData;
    }

    void IRing.PrepReceive(int socket, ulong userData)
    {
        SubmissionEntry entry = NextEntry();
        entry.PrepRecvMultishot(socket, 0);
        PublishedBuffers.SetGroup(entry);
        entry.UserData = userData;
    }

    // SAFETY: the memory is the kernel's until the send's completion; the worker keeps it that long.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRing.PrepSend(int socket, byte* data, int length, ulong userData)
    {
        SubmissionEntry entry = NextEntry();
        entry.PrepSend(socket, data, (uint)length, SendFlags);
        entry.UserData = userData;
    }

    // SAFETY: as for PrepSend. The header and the list are the kernel's until it has taken the entry
    // (IORING_FEAT_SUBMIT_STABLE, 5.5); they lie in the scratch of that entry's place in the queue.
    void IRing.PrepSendGather(int socket, ReadOnlySpan<iovec> pieces, ulong userData)
    {
        SubmissionEntry entry = NextEntry();
        msghdr* message = _gather.Fill(_ring.NextIndex - 1, pieces);
        entry.PrepSendMsg(socket, message, SendFlags);
        entry.UserData = userData;
    }

    // SAFETY: the kernel reads the memory during the call only.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    readonly int IRing.SendNow(int socket, byte* data, int length) =>
        (int)Libc.Send(socket, data, (nuint)length, SocketAbi.MSG_NOSIGNAL | SocketAbi.MSG_DONTWAIT);

    readonly int IRing.ShutdownWrite(int socket) => Libc.Shutdown(socket, SocketAbi.SHUT_WR);

    readonly void IRing.ResetOnClose(int socket) => SocketOptions.SetResetOnClose(socket);

    // Linux has freed the descriptor whatever close returns: there is nothing to handle.
    readonly void IRing.Close(int descriptor) => Libc.Close(descriptor);

    readonly bool IRing.TryGetPeer(int socket, out GainAddress peer) =>
        SocketOptions.TryGetPeer(socket, out peer);

    readonly int IRing.CountUnread(int socket) => Libc.CountUnread(socket);

    // Also what came in the middle of a turn: a full submission queue has the kernel take what is there.
    readonly long IRing.CountHeldBack(ulong userData)
    {
        long bytes = _queue.CountBytes(userData);
        uint ready = _ring.CompletionsReady;
        for (uint i = _taken; i < ready; i++)
        {
            CompletionEntry completion = _ring.CompletionAt(i);
            bytes += completion.UserData == userData ? Math.Max(0, completion.Result) : 0;
        }

        return bytes;
    }

    readonly int IRing.AcceptNow(int listener)
    {
        int result = Libc.SetNonBlocking(listener);
        return result == 0 ? Libc.Accept4(listener, null, null, SocketAbi.SOCK_CLOEXEC) : result;
    }

    // Blocking for TCP, which io_uring waits for by itself. The connect of a Unix socket never waits but for
    // room in the other's backlog, for which there is no limit: it fails instead.
    readonly int IConnector.OpenOutgoing(OutgoingSockets sockets, int family) =>
        sockets.Open(family, family == SocketAbi.AF_UNIX ? SocketAbi.SOCK_NONBLOCK : 0);

    void IConnector.PrepConnect(int socket, in sockaddr_storage address, uint length, ulong userData)
    {
        SubmissionEntry entry = NextEntry();
        entry.PrepConnect(socket, _connects.Fill(_ring.NextIndex - 1, address), length);
        entry.UserData = userData;
    }

    readonly int IConnector.FinishConnect(int socket)
    {
        if (OutgoingConnect.IsToItself(socket, out bool isUnix))
        {
            return -Errno.ECONNREFUSED;
        }

        return isUnix ? Libc.SetBlocking(socket) : 0;
    }

    void IRing.PrepReceiveDatagrams(int socket, bool isUnix, ulong userData)
    {
        SubmissionEntry entry = NextEntry();
        _datagrams!.Prep(entry, socket, isUnix);
        entry.UserData = userData;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    readonly Span<byte> IRing.ReceivedDatagram(ushort bufferId, int length) =>
        _datagrams!.At(bufferId, length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    readonly void IRing.RecycleDatagram(ushort bufferId) => _datagrams!.Recycle(bufferId);

    // SAFETY: the kernel reads the messages during the call only.
    readonly int IDatagramSink.SendDatagrams(int socket, mmsghdr* messages, int count) =>
        DatagramCalls.Send(socket, messages, count);

    void IRing.PrepAwaitRoom(int socket, ulong userData)
    {
        SubmissionEntry entry = NextEntry();
        entry.PrepPollAdd(socket, (uint)Libc.POLLOUT);
        entry.UserData = userData;
    }

    // POLLERR and POLLHUP are waited for whatever is asked for.
    void IRing.PrepAwaitHangUp(int socket, ulong userData)
    {
        SubmissionEntry entry = NextEntry();
        entry.PrepPollAdd(socket, 0u);
        entry.UserData = userData;
    }

    void IRing.PrepCancelHangUp(int socket, ulong target, ulong userData)
    {
        SubmissionEntry entry = NextEntry();
        entry.PrepCancel(target, 0);
        entry.UserData = userData;
    }

    void IRing.PrepCancel(ulong target, ulong userData)
    {
        SubmissionEntry entry = NextEntry();
        entry.PrepCancel(target, 0);
        entry.UserData = userData;
    }

    void IRing.Enter(long timeoutNs)
    {
        // EAGAIN, EBUSY and ENOMEM ask to take completions first. The caller does that next in any case;
        // what was not submitted stays queued and goes with the next turn, which then does not wait.
        if (timeoutNs == 0 || (_ring.CompletionsReady | (uint)_queue.Count) != 0)
        {
            _ring.SubmitAndGetEvents();
        }
        else
        {
            _ring.SubmitAndWait(1, timeoutNs);
        }
    }

    void IRing.BeginBatch()
    {
        _ready = _ring.CompletionsReady;
        _taken = 0;

        // Straight from the ring where no operation can have more than its run, and nothing is before it.
        if ((((ulong)_queue.Count << 32) | _ready) > _longestRun)
        {
            QueueReady();
            _queue.BeginTurn();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    bool IRing.TryTake(out CompletionEntry completion)
    {
        if (_taken == _ready)
        {
            return TryTakeQueued(out completion);
        }

        completion = _ring.CompletionAt(_taken++);
        return true;
    }

    void IRing.EndBatch() => EndBatch();

    // SAFETY: the kernel has filled the buffer and gave it to us; it is ours until Recycle and EndBatch.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    readonly ReadOnlySpan<byte> IRing.Received(ushort bufferId, int length) =>
        _buffers.At(bufferId, length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRing.Recycle(ushort bufferId) => _buffers.Recycle(bufferId);

    readonly int IRing.CountLentBuffers() =>
        _buffers.CountLent() + (_datagrams?.CountLent() ?? 0);

    readonly void IRing.Wake() => _wake.Signal();

    // A copy: its number stays this ring's, even when the ring's own worker has failed and closed it. Kernels
    // of 2023 missed to wake the receiver (axboe/liburing#839); those that have bundles, from 6.10, do not.
    readonly int IRing.OpenMessageWay() => (_ring.Features & RingFeatures.Bundles) != 0
        ? Libc.Duplicate(_ring.Descriptor)
        : -Errno.EOPNOTSUPP;

    void IRing.PrepMessage(int way, ulong data, ulong userData)
    {
        SubmissionEntry entry = NextEntry();
        entry.PrepMsgRing(way, 0, data, MessageFlags.None);
        entry.UserData = userData;
        entry.Flags |= SubmissionFlags.SkipSuccess;
    }

    void IRing.HandleWake(CompletionEntry completion)
    {
        _wake.Reset();
        if (!completion.HasMore)
        {
            PrepWake();
        }
    }

    readonly void IRing.Abandon()
    {
        _wake?.Dispose();
        _ring?.Dispose();
        _queue?.Dispose();
    }

    /// <summary>
    /// Releases the ring and its memory; nothing that uses memory may be in flight. A default value has none.
    /// </summary>
    public void Dispose()
    {
        _buffers.Dispose();
        _datagrams?.Dispose();
        _ring?.Dispose();
        _wake?.Dispose();
        _gather?.Dispose();
        _connects?.Dispose();
        _queue?.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private SubmissionEntry NextEntry()
    {
        if (!_ring.TryGetEntry(out SubmissionEntry entry))
        {
            entry = MakeRoom();
        }

        return entry;
    }

    // The queue is full in the middle of a turn: the kernel takes what is there.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private SubmissionEntry MakeRoom()
    {
        _ring.Submit();
        SubmissionEntry entry;
        while (!_ring.TryGetEntry(out entry))
        {
            // The kernel takes no more before completions are taken (EBUSY), and this may be inside a batch:
            // the rest of it is handed out by the next one, and what had overflowed moves into its place.
            QueueReady();
            _ring.SubmitAndGetEvents();
        }

        return entry;
    }

    // What finds no room stays where it is, behind what the queue has of the same operation.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void QueueReady()
    {
        uint ready = _ring.CompletionsReady;
        while (_taken < ready && _queue.TryAdd(_ring.CompletionAt(_taken)))
        {
            _taken++;
        }

        _ring.AdvanceCompletions(_taken);
        _ready = 0;
        _taken = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly bool TryTakeQueued(out CompletionEntry completion) => _queue.TryTake(out completion);

    // Before Linux 6.8, and in stable kernels for longer, a multishot receive goes on as long as its socket
    // has something and there are buffers. Those that have bundles, from 6.10, certainly do not.
    private readonly int FindLongestRun(RingSettings settings)
    {
        if (settings.LongestRun != 0)
        {
            return settings.LongestRun;
        }

        return (_ring.Features & RingFeatures.Bundles) != 0 ? int.MaxValue : LongestRun;
    }

    private void EndBatch()
    {
        _ring.AdvanceCompletions(_taken);
        _ready = 0;
        _taken = 0;
        _buffers.Publish();
        _datagrams?.Publish();
    }

    private void PrepWake()
    {
        SubmissionEntry entry = NextEntry();
        entry.PrepPollMultishot(_wake.Descriptor, (uint)Libc.POLLIN);
        entry.UserData = _wakeToken;
    }
}
