using Gain.Sockets;

namespace Gain.Slots;

/// <summary>How a callback dials: what the worker offers to connections, which know of no worker.</summary>
internal abstract class OutgoingDoor
{
    /// <summary>Begins a connection to a target: its slot is there at once. The worker's thread.</summary>
    /// <param name="handler">What serves it; the prototype that was registered if it is not given.</param>
    /// <param name="isGiven">Whether it is.</param>
    /// <param name="isRented">Whether a connection that is kept will do.</param>
    /// <param name="target">Where to.</param>
    /// <param name="index">The slot.</param>
    /// <returns>False at the limit on connections, and while the server stops.</returns>
    /// <exception cref="InvalidOperationException">The type may not be dialled with.</exception>
    public abstract bool TryDial<THandler>(
        in THandler handler, bool isGiven, bool isRented, in RemoteEnd target, out int index)
        where THandler : struct;

    /// <summary>Begins a socket for datagrams, connected to a target. The worker's thread.</summary>
    /// <param name="handler">What serves it; the prototype that was registered if it is not given.</param>
    /// <param name="isGiven">Whether it is.</param>
    /// <param name="target">Where to.</param>
    /// <param name="waiter">Who is told in place of the handler if it does not open; null for nobody.</param>
    /// <param name="place">Its place.</param>
    /// <returns>False at the limit on such sockets, and while the server stops.</returns>
    /// <exception cref="InvalidOperationException">The type, or the target, is not for datagrams.</exception>
    public abstract bool TryDialDatagram<THandler>(
        in THandler handler,
        bool isGiven,
        in RemoteEnd target,
        DialWaiter? waiter,
        out DatagramPlace? place)
        where THandler : struct;

    /// <summary>Says who waits for it, right after it has begun. The worker's thread.</summary>
    public abstract void Await(int index, DialWaiter waiter);

    /// <summary>Why a connection cannot be given back; null if it can.</summary>
    public abstract string? WhyNotReturned(int index, ref Slot slot);

    /// <summary>When what has ended is dialled again; null for never, or if it has not ended.</summary>
    public abstract TimeSpan? RedialIn(int index);

    /// <summary>What is in a slot is not dialled again.</summary>
    public abstract void EndRedial(int index);
}
