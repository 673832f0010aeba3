using System.Diagnostics.CodeAnalysis;
using Gain.Sockets;

namespace Gain;

/// <remarks>Sockets that are dialled.</remarks>
public readonly ref partial struct Datagram
{
    /// <summary>
    /// Ends the socket that the datagram came in by, if it was dialled: what was sent leaves, nothing more is
    /// delivered, and <c>OnDatagramClosed</c> follows with <see cref="DatagramEndReason.Local"/>, after the
    /// callback. Again without effect.
    /// </summary>
    /// <exception cref="InvalidOperationException">The socket is a listener's.</exception>
    [AllocationFree]
    public void Close()
    {
        if (!Socket.IsDialled)
        {
            ThrowListeners();
        }

        EndSocket();
    }

    [AllowAllocation("what ends it is the worker's room, which allocates nothing")]
    private void EndSocket() => Socket.End?.Invoke(Socket);

    internal bool TryDialSocket<THandler>(in THandler handler, in RemoteEnd target, out DatagramHandle handle)
        where THandler : struct => DatagramHandle.TryDial(Socket.Table, in handler, in target, out handle);

    [DoesNotReturn]
    private void ThrowNotThePeer(GainAddress address) => throw new ArgumentException(
        $"A datagram was to be sent to {address} from a socket that was dialled to {Socket.Peer}: only that "
        + "peer could answer. Dial the address, or send from a listener's socket.");

    [DoesNotReturn]
    private static void ThrowListeners() => throw new InvalidOperationException(
        "Datagram.Close was called for a datagram of a listener, whose socket the server closes: call "
        + "server.StopListeningAsync, or close only what was dialled (Datagram.Handle.IsConnected).");
}
