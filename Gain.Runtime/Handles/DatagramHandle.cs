using System.Runtime.InteropServices;
using Gain.Datagrams;
using Gain.Kernel;
using Gain.Mail;
using Gain.Sockets;

namespace Gain;

/// <summary>
/// Names a socket for datagrams: for answers from other threads, and for datagrams that answer nothing. It
/// can be kept for any time and used on any thread. After the server's end it does nothing; that of a socket
/// that was dialled does nothing after the socket's end, also when another one has its place.
/// </summary>
public readonly partial struct DatagramHandle : IEquatable<DatagramHandle>
{
    private readonly DatagramSocket? _socket;

    // Which of the sockets that have the place of one that is dialled; 0 for a listener's.
    private readonly uint _generation;

    internal DatagramHandle(DatagramSocket socket)
        : this(socket, socket.Generation)
    {
    }

    internal DatagramHandle(DatagramSocket socket, uint generation)
    {
        _socket = socket;
        _generation = generation;
    }

    /// <summary>Copies a datagram and has the socket's worker send it. Any thread.</summary>
    /// <param name="address">An IP address and port, as <see cref="Datagram.RemoteAddress"/>.</param>
    /// <param name="data">The bytes; none is a datagram as well.</param>
    /// <returns>Whether it was posted; if not, the other overload says why.</returns>
    /// <remarks>
    /// The datagrams of one thread are sent in the order of posting. A datagram that the socket has no room
    /// for by then is dropped and counted. The copy is native memory and counts against
    /// <c>GainOptions.Limits.MaxPostedBytesPerWorker</c>.
    /// </remarks>
    [AllocationFree]
    public bool TrySendTo(GainAddress address, ReadOnlySpan<byte> data) => TrySendTo(address, data, out _);

    /// <summary>Like the other overload, but says why a datagram was not posted.</summary>
    /// <param name="address">An IP address and port.</param>
    /// <param name="data">The bytes; none is a datagram as well.</param>
    /// <param name="failure">Why not; <see cref="DatagramFailure.None"/> when it was.</param>
    /// <returns>Whether it was posted.</returns>
    [AllocationFree]
    public bool TrySendTo(GainAddress address, ReadOnlySpan<byte> data, out DatagramFailure failure)
    {
        failure = DatagramFailure.NoAddress;
        if (_socket is null)
        {
            return false;
        }

        if (_socket.IsDialled)
        {
            failure = address == _socket.Peer || !IsOpen ? DatagramFailure.None : DatagramFailure.NotThePeer;
            return failure == DatagramFailure.None && TrySend(data, out failure);
        }

        var target = default(DatagramTarget);
        failure = target.Set(address, _socket.Traits.Family);
        return failure == DatagramFailure.None && TryPost(_socket, target.Name, data, out failure);
    }

    /// <summary>Like the other overload, to a Unix socket.</summary>
    /// <param name="path">
    /// Its name: <c>new UnixPath(…)</c> of a path, of a NUL and an abstract name, or of
    /// <see cref="Datagram.RemotePath"/>.
    /// </param>
    /// <param name="data">The bytes; none is a datagram as well.</param>
    /// <param name="failure">Why not; <see cref="DatagramFailure.None"/> when it was.</param>
    /// <returns>Whether it was posted.</returns>
    [AllocationFree]
    public bool TrySendTo(UnixPath path, ReadOnlySpan<byte> data, out DatagramFailure failure)
    {
        failure = DatagramFailure.NoAddress;
        if (_socket is null)
        {
            return false;
        }

        var target = default(DatagramTarget);
        failure = target.Set(path.Bytes, _socket.Traits.Family);
        return failure == DatagramFailure.None && TryPost(_socket, target.Name, data, out failure);
    }

    /// <summary>
    /// Joins a multicast group: a datagram that is sent to the group and the socket's port arrives as any
    /// other, with the group as its <see cref="Datagram.LocalAddress"/>. Any thread.
    /// </summary>
    /// <param name="group">The group, such as 239.1.2.3 or ff02::1234; its port is ignored.</param>
    /// <param name="interfaceIndex">
    /// The index of the network interface; 0 for the one that the routing table gives.
    /// </param>
    /// <remarks>
    /// Each worker has a socket of its own, and only this one joins. Join with one of them: every socket that
    /// has joined gets its own copy of each datagram.
    /// </remarks>
    /// <exception cref="ArgumentException">The address is not a multicast group.</exception>
    /// <exception cref="InvalidOperationException">
    /// The handle is the default value, or the server has ended.
    /// </exception>
    /// <exception cref="GainException">
    /// The kernel refused, for example because the group was joined before.
    /// </exception>
    public void JoinMulticast(GainAddress group, int interfaceIndex = 0) =>
        ChangeMulticast(group, interfaceIndex, joins: true);

    /// <summary>Leaves a group that was joined. Any thread.</summary>
    /// <param name="group">The group.</param>
    /// <param name="interfaceIndex">The interface that it was joined with.</param>
    /// <exception cref="ArgumentException">The address is not a multicast group.</exception>
    /// <exception cref="InvalidOperationException">As for <see cref="JoinMulticast"/>.</exception>
    /// <exception cref="GainException">The kernel refused, for example because the group was not
    /// joined.</exception>
    public void LeaveMulticast(GainAddress group, int interfaceIndex = 0) =>
        ChangeMulticast(group, interfaceIndex, joins: false);

    /// <inheritdoc/>
    [AllocationFree]
    public bool Equals(DatagramHandle other) =>
        ReferenceEquals(_socket, other._socket) && _generation == other._generation;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DatagramHandle other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (_socket?.GetHashCode() ?? 0) ^ (int)_generation;

    /// <summary>Whether both name the same socket.</summary>
    [AllocationFree]
    public static bool operator ==(DatagramHandle left, DatagramHandle right) => left.Equals(right);

    /// <summary>Whether the two name different sockets.</summary>
    [AllocationFree]
    public static bool operator !=(DatagramHandle left, DatagramHandle right) => !left.Equals(right);

    private static bool TryPost(
        DatagramSocket socket, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, out DatagramFailure failure)
    {
        if (data.Length > socket.Traits.MaxBytes)
        {
            failure = DatagramFailure.TooLarge;
            return false;
        }

        var command = Command.Datagram(socket.Index, name.Length);
        return TryPost(socket, command, name, data, out failure);
    }

    private static bool TryPost(
        DatagramSocket socket,
        Command command,
        ReadOnlySpan<byte> head,
        ReadOnlySpan<byte> data,
        out DatagramFailure failure)
    {
        bool isPosted = socket.Table.Mailbox.TryPostBytes(command, head, data, out PostFailure reason);
        failure = reason switch
        {
            PostFailure.MailboxFull => DatagramFailure.MailboxFull,
            PostFailure.MemoryFull => DatagramFailure.MemoryFull,
            PostFailure.TooLarge => DatagramFailure.TooLarge,
            _ => DatagramFailure.None,
        };
        return isPosted;
    }

    private void ChangeMulticast(GainAddress group, int interfaceIndex, bool joins)
    {
        if (_socket is null)
        {
            throw new InvalidOperationException(
                "A default DatagramHandle names no socket: take it from Datagram.Handle or "
                + "GainServer.GetDatagramHandle.");
        }

        // The worker closes the descriptor under the same lock: its number may be another file's then.
        lock (_socket.Gate)
        {
            if (_socket.IsClosed || !IsOpen)
            {
                throw new InvalidOperationException(
                    "The socket is closed: the server has ended, or the socket was dialled and has.");
            }

            Multicast.Change(_socket.Fd, group, interfaceIndex, joins);
        }
    }
}
