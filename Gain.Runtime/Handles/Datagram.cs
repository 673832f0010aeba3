using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Gain.Datagrams;
using Gain.Kernel;
using Gain.Rings;
using Gain.Slots;

namespace Gain;

/// <summary>
/// A datagram, as <c>OnDatagram</c> sees it: where it came from and where it arrived. Its bytes are the
/// callback's other parameter. It cannot be stored, captured or carried over an <c>await</c>.
/// </summary>
/// <remarks>
/// Every member belongs to the worker's thread, that is, to the callback that was given the datagram. What a
/// callback sends leaves at the end of the worker's turn, with what else the turn had to send. Datagrams may
/// be lost, doubled and reordered on their way; senders of IP datagrams may lie about their address.
/// </remarks>
public readonly ref partial struct Datagram
{
    private readonly DatagramSocket _socket;
    private readonly ref readonly DatagramHead _head;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Datagram(DatagramSocket socket, ref readonly DatagramHead head)
    {
        _socket = socket;
        _head = ref head;
    }

    private DatagramSocket Socket
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (_socket is null)
            {
                ThrowDefault();
            }

            return _socket;
        }
    }

    private ref readonly DatagramHead Head
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (Unsafe.IsNullRef(in _head))
            {
                ThrowDefault();
            }

            return ref _head;
        }
    }

    [DoesNotReturn]
    private static void ThrowDefault() => throw new InvalidOperationException(
        "This Datagram is the default value, and no datagram: use the one that the callback was given, or "
        + "keep its Handle.");

    /// <summary>
    /// The sender's address. An IPv4-mapped address is given as IPv4. For a Unix socket it is <see
    /// cref="GainAddress.Unix"/>: see <see cref="RemotePath"/>. Reading it takes some nanoseconds, and no
    /// system call.
    /// </summary>
    [AllocationFree]
    public GainAddress RemoteAddress =>
        DatagramNames.RemoteOf(in Socket.Traits, in Head);

    /// <summary>
    /// The address that the datagram was sent to: the group's for a multicast, <see cref="GainAddress.Unix"/>
    /// for a Unix socket. Reading it takes no system call, also where the server listens on every address of
    /// the machine.
    /// </summary>
    [AllocationFree]
    public GainAddress LocalAddress => DatagramNames.LocalOf(in Socket.Traits, in Head);

    /// <summary>
    /// The name of the sender's Unix socket: a path, or a NUL and an abstract name. It is empty for a socket
    /// without a name, and for other kinds of sockets. The bytes are valid during the callback.
    /// </summary>
    [AllocationFree]
    public ReadOnlySpan<byte> RemotePath => IsUnix ? DatagramNames.PathOf(Head.RawName) : default;

    /// <summary>
    /// Whether the datagram was longer than <c>GainOptions.Datagrams.BufferBytes</c>: the rest is lost.
    /// </summary>
    [AllocationFree]
    public bool IsTruncated => Head.IsTruncated;

    /// <summary>
    /// The index of the worker that received it: 0 to <c>GainOptions.WorkerCount</c> - 1. One worker's
    /// callbacks never run at the same time.
    /// </summary>
    [AllocationFree]
    public int WorkerIndex => Socket.Table.WorkerIndex;

    /// <summary>
    /// The index of the server's address that the datagram came in by: 0 for the first, in the order in which
    /// they were given. A name that stands for several IP addresses counts as one. What is dialled is counted
    /// behind the addresses, in the order of the calls of <c>Dial</c>.
    /// </summary>
    [AllocationFree]
    public int ListenerIndex => Socket.Address;

    /// <summary>
    /// The monotonic clock (CLOCK_MONOTONIC) in milliseconds, read at most once per turn of the worker's
    /// loop.
    /// </summary>
    [AllocationFree]
    public long NowMs => Socket.Table.NowMs;

    /// <summary>
    /// The socket's descriptor. It stays Gain's: do not close it or change its blocking mode.
    /// </summary>
    [AllocationFree]
    public int Descriptor => Socket.Fd;

    /// <summary>A value that names the socket, and may be kept and used on any thread.</summary>
    [AllocationFree]
    public DatagramHandle Handle => new(Socket);

    internal PerWorkerValue[] PerWorker => Socket.Table.PerWorker;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enter(bool hasUserTimers) => Socket.Table.Enter(Socket.Address, hasUserTimers);

    private bool IsUnix => Socket.Traits.Family == SocketAbi.AF_UNIX;

    /// <summary>
    /// Sends a datagram to the sender, from the address that this one was sent to. Copies the bytes, so that
    /// the span need not outlive the call.
    /// </summary>
    /// <param name="data">The bytes; none is a datagram as well.</param>
    /// <remarks>
    /// A datagram that cannot be queued is dropped and counted (<see
    /// cref="GainStatistics.DroppedDatagrams"/>), as a network would drop it; use <see
    /// cref="TryReply(ReadOnlySpan{byte})"/> to be told. A sender without a name is not answered, and nothing
    /// is sent after <see cref="Close"/>.
    /// </remarks>
    /// <exception cref="ArgumentException">There are more bytes than a datagram can have.</exception>
    [AllocationFree]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Reply(ReadOnlySpan<byte> data)
    {
        if (Socket.Reply(in Head, data) == DatagramFailure.TooLarge)
        {
            ThrowTooLarge(data.Length);
        }
    }

    /// <summary>Like <see cref="Reply"/>, but says whether it was queued.</summary>
    /// <param name="data">The bytes; none is a datagram as well.</param>
    /// <returns>False when it was not; the other overload says why.</returns>
    [AllocationFree]
    public bool TryReply(ReadOnlySpan<byte> data) => TryReply(data, out _);

    /// <summary>Like the other overload, but says why a datagram was not queued.</summary>
    /// <param name="data">The bytes; none is a datagram as well.</param>
    /// <param name="failure">Why not; <see cref="DatagramFailure.None"/> when it was.</param>
    /// <returns>Whether it was queued.</returns>
    [AllocationFree]
    public bool TryReply(ReadOnlySpan<byte> data, out DatagramFailure failure)
    {
        failure = Socket.Reply(in Head, data);
        return failure == DatagramFailure.None;
    }

    /// <summary>
    /// Sends a datagram to any address, from this socket. It works as <see cref="Reply"/>, except that the
    /// kernel chooses the local address where the server listens on all addresses.
    /// </summary>
    /// <param name="address">An IP address and port.</param>
    /// <param name="data">The bytes; none is a datagram as well.</param>
    /// <exception cref="ArgumentException">
    /// There are more bytes than a datagram can have, or the address and the socket are of different kinds,
    /// or the socket was dialled, and the address is not its peer's.
    /// </exception>
    [AllocationFree]
    public void SendTo(GainAddress address, ReadOnlySpan<byte> data)
    {
        switch (DatagramTarget.Send(Socket, address, data))
        {
            case DatagramFailure.TooLarge:
                ThrowTooLarge(data.Length);
                break;
            case DatagramFailure.WrongFamily or DatagramFailure.NoAddress:
                ThrowWrongFamily(address);
                break;
            case DatagramFailure.NotThePeer:
                ThrowNotThePeer(address);
                break;
            default:
                break;
        }
    }

    /// <summary>Like <see cref="SendTo"/>, but says whether it was queued.</summary>
    /// <param name="address">An IP address and port.</param>
    /// <param name="data">The bytes; none is a datagram as well.</param>
    /// <returns>False when it was not; the other overload says why.</returns>
    [AllocationFree]
    public bool TrySendTo(GainAddress address, ReadOnlySpan<byte> data) => TrySendTo(address, data, out _);

    /// <summary>Like the other overload, but says why a datagram was not queued.</summary>
    /// <param name="address">An IP address and port.</param>
    /// <param name="data">The bytes; none is a datagram as well.</param>
    /// <param name="failure">Why not; <see cref="DatagramFailure.None"/> when it was.</param>
    /// <returns>Whether it was queued.</returns>
    [AllocationFree]
    public bool TrySendTo(GainAddress address, ReadOnlySpan<byte> data, out DatagramFailure failure)
    {
        failure = DatagramTarget.Send(Socket, address, data);
        return failure == DatagramFailure.None;
    }

    /// <summary>Like the other overload, to a Unix socket.</summary>
    /// <param name="path">
    /// Its name: <c>new UnixPath(…)</c> of a path, of a NUL and an abstract name, or of
    /// <see cref="RemotePath"/>.
    /// </param>
    /// <param name="data">The bytes; none is a datagram as well.</param>
    /// <param name="failure">Why not; <see cref="DatagramFailure.None"/> when it was.</param>
    /// <returns>Whether it was queued.</returns>
    [AllocationFree]
    public bool TrySendTo(UnixPath path, ReadOnlySpan<byte> data, out DatagramFailure failure)
    {
        failure = DatagramTarget.Send(Socket, path.Bytes, data);
        return failure == DatagramFailure.None;
    }

    [DoesNotReturn]
    private void ThrowTooLarge(int length) => throw new ArgumentException(
        $"A datagram of {length:N0} bytes was to be sent, and this socket's have at most "
        + $"{Socket.Traits.MaxBytes:N0}: send several, or use TryReply or TrySendTo to be told.");

    [DoesNotReturn]
    private void ThrowWrongFamily(GainAddress address) => throw new ArgumentException(
        $"A datagram was to be sent to {address} from a socket at {LocalAddress}: the two addresses are of "
        + "different kinds.");
}
