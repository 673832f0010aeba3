using System.Net;

namespace Gain.Sockets;

/// <summary>The sockets of a server for its addresses: the same number for every worker.</summary>
/// <remarks>
/// The set owns every descriptor until <see cref="TakeListener"/> hands it out, and what else the address
/// needs, until it is disposed: when the server stops listening.
/// </remarks>
internal abstract class ListenerSet : IDisposable
{
    /// <summary>How many sockets each worker has.</summary>
    internal abstract int ListenersPerWorker { get; }

    /// <summary>
    /// Where the sockets are bound, with the ports that the kernel chose, as addresses that a client can
    /// be given: <c>tcp://127.0.0.1:9000</c>.
    /// </summary>
    internal abstract IReadOnlyList<string> Addresses { get; }

    /// <summary>The same as end points, of those sockets that have an IP address.</summary>
    internal abstract IReadOnlyList<IPEndPoint> EndPoints { get; }

    /// <summary>Whether every other program is refused the address; see <see cref="PortGuard"/>.</summary>
    internal abstract bool IsSealed { get; }

    /// <summary>Those of <see cref="Addresses"/> that other programs may share.</summary>
    internal virtual IReadOnlyList<string> UnsealedAddresses => IsSealed ? [] : Addresses;

    /// <summary>The sets that it is made of, one for each address, in the order given.</summary>
    internal virtual IReadOnlyList<ListenerSet> Parts => [this];

    /// <summary>Which of the server's addresses, in the order given, a socket is for.</summary>
    /// <param name="index">Which of a worker's sockets: 0 to <see cref="ListenersPerWorker"/> - 1.</param>
    internal virtual int AddressOf(int index) => 0;

    /// <summary>Whether datagrams arrive on a socket, and not connections.</summary>
    /// <param name="index">As for <see cref="AddressOf"/>.</param>
    internal abstract bool IsDatagram(int index);

    /// <summary>
    /// Whether the workers' descriptors are one socket, so that a connection waits for any of them: then each
    /// accepts one at a time, see <c>IRing.PrepAcceptOne</c>. False where each has a socket of its own.
    /// </summary>
    /// <param name="index">As for <see cref="AddressOf"/>.</param>
    internal abstract bool IsShared(int index);

    /// <summary>
    /// Whether the socket is somebody else's too, who passed it to the server: whoever waits at it when the
    /// server stops is left to the next one.
    /// </summary>
    /// <param name="index">As for <see cref="AddressOf"/>.</param>
    internal virtual bool IsPassed(int index) => false;

    /// <summary>Hands a descriptor over: from now on the caller closes it. Any thread.</summary>
    /// <exception cref="InvalidOperationException">It was taken before, or the set is closed.</exception>
    internal abstract int TakeListener(int worker, int index);

    /// <summary>Closes what nobody took, and gives the address up. A second call does nothing.</summary>
    public abstract void Dispose();
}
