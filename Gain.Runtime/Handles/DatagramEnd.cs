using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Gain.Datagrams;
using Gain.Slots;
using Gain.Sockets;

namespace Gain;

/// <summary>
/// The end of a socket for datagrams that was dialled, as <c>OnDatagramClosed</c> sees it. It cannot be
/// stored, captured or carried over an <c>await</c>.
/// </summary>
/// <remarks>
/// Every member belongs to the worker's thread, that is, to the callback that was given it. The socket is
/// closed: its port may be another's, and nothing is sent or received by it.
/// </remarks>
public readonly ref struct DatagramEnd
{
    private readonly DatagramSocket? _socket;
    private readonly uint _generation;

    internal DatagramEnd(DatagramSocket socket, uint generation, DatagramEndReason reason, int errno)
    {
        _socket = socket;
        _generation = generation;
        Reason = reason;
        Errno = errno;
    }

    private DatagramSocket Socket
    {
        get
        {
            if (_socket is null)
            {
                ThrowDefault();
            }

            return _socket;
        }
    }

    /// <summary>What to react to.</summary>
    public DatagramEndReason Reason { get; }

    /// <summary>The kernel's error number (see errno(3)), positive; 0 when there was no error.</summary>
    public int Errno { get; }

    /// <summary>Where to it was dialled; once it was open, the peer as the kernel knew it.</summary>
    [AllocationFree]
    public GainAddress RemoteAddress => Socket.Peer;

    /// <summary>The socket's handle, to tell which it was: it names nothing anymore.</summary>
    [AllocationFree]
    public DatagramHandle Handle => new(Socket, _generation);

    /// <summary>The index of the worker that had it: 0 to <c>GainOptions.WorkerCount</c> - 1.</summary>
    [AllocationFree]
    public int WorkerIndex => Socket.Table.WorkerIndex;

    /// <summary>
    /// The monotonic clock (CLOCK_MONOTONIC) in milliseconds, read at most once per turn of the worker's
    /// loop.
    /// </summary>
    [AllocationFree]
    public long NowMs => Socket.Table.NowMs;

    internal PerWorkerValue[] PerWorker => Socket.Table.PerWorker;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enter(bool hasUserTimers) => Socket.Table.Enter(Socket.Address, hasUserTimers);

    internal bool TryDialSocket<THandler>(in THandler handler, in RemoteEnd target, out DatagramHandle handle)
        where THandler : struct => DatagramHandle.TryDial(Socket.Table, in handler, in target, out handle);

    /// <summary>The reason and the errno's name, as in <c>Refused (ECONNREFUSED: …)</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Errno == 0
        ? $"{Reason}"
        : $"{Reason} ({Kernel.Errno.Name(Errno)}: {Kernel.Errno.Meaning(Errno)})";

    [DoesNotReturn]
    private static void ThrowDefault() => throw new InvalidOperationException(
        "This DatagramEnd is the default value, and no socket's end: use the one that the callback was "
        + "given, or keep its Handle.");
}
