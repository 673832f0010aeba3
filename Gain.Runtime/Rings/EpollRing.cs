using System.ComponentModel;
using System.Runtime.CompilerServices;
using Gain.Kernel;
using Gain.Sockets;
using Gain.Uring;

namespace Gain.Rings;

/// <summary>
/// io_uring's operations over epoll, where io_uring is refused: the same seam, the same order of
/// completions, the same results. The other parts of this type each hold one operation.
/// </summary>
/// <remarks>
/// <para>
/// A descriptor is registered once, edge-triggered for everything, by the first operation that has to wait
/// on it. Its state remembers what the events said until a call says EAGAIN, so that an operation armed
/// later knows that it need not wait. In steady state a request costs one recv and one send, as in any
/// event loop, and its share of one epoll_wait for up to <see cref="MaxEvents"/> descriptors.
/// </para>
/// <para>
/// Sends are tried when they are prepared, receives and accepts when an event has said that it pays. What
/// completes goes into a list, from which the worker takes batches; nothing is ever in flight in the kernel.
/// </para>
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
internal unsafe partial struct EpollRing : IRing
{
    // Few, so that what they bring is still in the CPU's cache when it is handled, and answered soon.
    private const int MaxEvents = 128;
    private const int MaxRoundsWithoutWait = 64;
    private const int NoDescriptor = -1;
    private const ulong WakeData = ulong.MaxValue;
    private const uint AllEvents = Libc.EPOLLIN | Libc.EPOLLOUT | Libc.EPOLLRDHUP | Libc.EPOLLPRI
        | Libc.EPOLLET;

    private readonly string _description;
    private readonly ulong _wakeToken;
    private readonly int _epoll = NoDescriptor;
    private readonly WakeEvent _wake;
    private readonly EpollTable _table;
    private readonly OperationIndex _operations;
    private readonly CompletionList _completions;
    private readonly ReceiveBuffers _buffers;
    private readonly DatagramScratch? _datagrams;

    // SAFETY: the pages are this ring's until Dispose; the kernel writes to them during epoll_wait only.
    private readonly void* _events;

    // Descriptors to look at without an event: what a limit of a turn left, or what was readable when an
    // operation was armed.
    private int _listHead = NoDescriptor;
    private int _listTail = NoDescriptor;
    private int _listCount;

    private bool _hasSkippedWait;

    internal EpollRing(
        RingSettings settings, string description, int mostDescriptors = EpollTable.MaxCapacity)
    {
        _description = description;
        _wakeToken = settings.WakeToken;
        try
        {
            _epoll = Libc.EpollCreate(Libc.EPOLL_CLOEXEC);
            Check(_epoll, "Cannot make a worker's epoll set");
            _table = new EpollTable(
                settings.BufferCount + settings.DatagramBufferCount + MaxEvents, mostDescriptors);
            _completions = _table.Completions;
            _operations = new OperationIndex(_table);
            _buffers = new ReceiveBuffers(settings.BufferCount, settings.BufferBytes);
            if (settings.DatagramBufferCount != 0)
            {
                _datagrams = new DatagramScratch(
                    settings.DatagramBufferCount, settings.DatagramBufferBytes);
            }

            _events = NativePages.Map((nuint)(MaxEvents * Libc.EpollEventBytes));
            _wake = new WakeEvent();
            const uint signals = Libc.EPOLLIN | Libc.EPOLLET;
            Check(
                Libc.EpollControl(_epoll, Libc.EPOLL_CTL_ADD, _wake.Descriptor, signals, WakeData),
                "Cannot wait for a worker's eventfd");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    readonly string IRing.Description => _description;

    readonly long IRing.NowMs => MonotonicClock.NowMs;

    // Its queue has a place for whatever one turn can bring.
    readonly long IRing.Overflows => 0;

    // Sends have been tried when they are prepared, and nothing else is submitted.
    readonly void IRing.BeginBatch() => _completions.BeginBatch();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    readonly bool IRing.TryTake(out CompletionEntry completion) => _completions.TryTake(out completion);

    readonly void IRing.EndBatch() => _completions.EndBatch();

    // SAFETY: the buffer is the worker's until Recycle.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    readonly ReadOnlySpan<byte> IRing.Received(ushort bufferId, int length) =>
        new(_buffers.At(bufferId), length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    readonly void IRing.Recycle(ushort bufferId) => _buffers.Return(bufferId);

    readonly int IRing.CountLentBuffers() => _buffers.Count - _buffers.Free
        + (_datagrams is null ? 0 : _datagrams.Buffers.Count - _datagrams.Buffers.Free);

    readonly int IRing.ShutdownWrite(int socket) => Libc.Shutdown(socket, SocketAbi.SHUT_WR);

    readonly void IRing.ResetOnClose(int socket) => SocketOptions.SetResetOnClose(socket);

    readonly bool IRing.TryGetPeer(int socket, out GainAddress peer) =>
        SocketOptions.TryGetPeer(socket, out peer);

    readonly void IRing.Wake() => _wake.Signal();

    readonly int IRing.OpenMessageWay() => NoDescriptor;

    readonly void IRing.PrepMessage(int way, ulong data, ulong userData) =>
        throw new NotSupportedException("An epoll set takes no messages: there is no way to send them by.");

    readonly void IRing.HandleWake(CompletionEntry completion) => _wake.Reset();

    readonly void IRing.Close(int descriptor)
    {
        if (_table is not null && descriptor < _table.Capacity)
        {
            Forget(descriptor, ref _table[descriptor]);
        }

        // Linux has freed the descriptor whatever close returns: there is nothing to handle.
        Libc.Close(descriptor);
    }

    // Nothing is in flight in the kernel, so that nothing needs to stay.
    readonly void IRing.Abandon() => Dispose();

    /// <summary>Releases the ring and its memory. A default value has none.</summary>
    public readonly void Dispose()
    {
        // A default value's descriptor is 0, which is somebody else's; the table is made right after it.
        if (_description is not null && _epoll >= 0)
        {
            Libc.Close(_epoll);
        }

        _wake?.Dispose();
        _table?.Dispose();
        _buffers?.Dispose();
        _datagrams?.Dispose();
        NativePages.Unmap(_events, (nuint)(MaxEvents * Libc.EpollEventBytes));
    }

    private static void Check(int result, string what)
    {
        if (result < 0)
        {
            throw GainException.ForSystemCall(what, -result);
        }
    }
}
