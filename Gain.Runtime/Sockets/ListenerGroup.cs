using System.Net;
using Gain.Kernel;

namespace Gain.Sockets;

/// <summary>The listening sockets of one address: for each of its end points, one per worker.</summary>
/// <remarks>
/// <para>
/// The workers' sockets share a port through SO_REUSEPORT, and nobody else may join: a second server on the
/// port must fail and not silently take half of the connections. So the first socket of an end point
/// binds and listens without SO_REUSEPORT, which one socket at a time can do; only then is the option set
/// on it, and the others follow. Bind alone would not do: see <see cref="ListenerSocket.ListenAlone"/>.
/// </para>
/// <para>
/// Datagrams arrive from the bind on, so a guard is the first: see <see cref="DatagramGuard"/>.
/// </para>
/// <para>
/// The first socket can take connections before the others exist; its worker finds them in its backlog.
/// Worker w's socket has index w in the kernel's reuseport group, as they join in that order.
/// </para>
/// <para>
/// Ownership: the group owns every descriptor until <see cref="TakeListener"/> hands it out, and the guards
/// until it is disposed, so dispose it when the server stops listening.
/// </para>
/// </remarks>
internal sealed class ListenerGroup : ListenerSet
{
    /// <summary>The kernel clamps it to net.core.somaxconn, which is 4096 unless someone set it.</summary>
    internal const int DefaultBacklog = 4096;

    // With port 0 the kernel chooses a port that is free on the first end point. That it is taken on another
    // one is rare, so this many times in a row means that something else is wrong.
    private const int MaxPortChoices = 16;
    private const int None = -1;
    private const int GuardsPerEndPoint = 2;

    private readonly ListenAddress _address;
    private readonly int _workers;
    private readonly int _backlog;
    private readonly CpuRouting? _routing;
    private readonly ListenEndPoint[] _endPoints;
    private readonly int[] _listeners;
    private readonly int[] _guards;
    private bool _isSealed;

    private ListenerGroup(
        ListenAddress address,
        ListenEndPoint[] endPoints,
        int workers,
        int backlog,
        CpuRouting? routing)
    {
        _address = address;
        _workers = workers;
        _backlog = backlog;
        _routing = routing;
        _endPoints = [.. endPoints];
        _listeners = new int[workers * endPoints.Length];
        _guards = new int[GuardsPerEndPoint * endPoints.Length];
        Array.Fill(_listeners, None);
        Array.Fill(_guards, None);
    }

    /// <summary>How many listeners each worker has: the number of end points.</summary>
    internal override int ListenersPerWorker => _endPoints.Length;

    /// <summary>Where the group listens, with the ports that the kernel chose.</summary>
    internal IPEndPoint[] BoundEndpoints => [.. _endPoints.Select(e => e.EndPoint)];

    /// <summary>
    /// Whether every other socket is refused the port. False only with several workers on addresses that
    /// <see cref="PortGuard"/> or <see cref="DatagramGuard"/> cannot seal: others of the same user with
    /// SO_REUSEPORT can then join.
    /// </summary>
    internal override bool IsSealed => _isSealed;

    internal override IReadOnlyList<IPEndPoint> EndPoints => BoundEndpoints;

    internal override IReadOnlyList<string> Addresses => 
        [.. _endPoints.Select(e => $"{_address.Scheme}://{e.EndPoint}")];

    internal override bool IsDatagram(int index) => _address.Network == ListenNetwork.Udp;

    internal override bool IsShared(int index) => false;

    /// <summary>Binds and listens on everything that the address stands for, or on nothing.</summary>
    /// <param name="address">The address; its host name is looked up here.</param>
    /// <param name="workers">How many sockets each end point gets; with one, no port is shared.</param>
    /// <param name="backlog">How many connections may wait for each listener to accept them.</param>
    /// <exception cref="GainException">Something failed; no descriptor is left open.</exception>
    internal static ListenerGroup Open(ListenAddress address, int workers, int backlog = DefaultBacklog)
    {
        ArgumentNullException.ThrowIfNull(address);
        return Open(address, address.Resolve(), workers, backlog);
    }

    /// <summary>The same, with the address resolved, and CPUs that each lead to a worker.</summary>
    internal static ListenerGroup Open(
        ListenAddress address,
        ListenEndPoint[] endPoints,
        int workers,
        int backlog,
        CpuRouting? routing = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(endPoints.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(backlog, 1);

        for (int choice = 1; ; choice++)
        {
            var group = new ListenerGroup(address, endPoints, workers, backlog, routing);
            try
            {
                group.OpenAll();
                return group;
            }
            catch (GainException e) when (
                e.ErrorCode == GainError.AddressInUse && address.Port == 0 && choice < MaxPortChoices)
            {
                group.Dispose();
            }
            catch
            {
                group.Dispose();
                throw;
            }
        }
    }

    /// <summary>Hands a listening descriptor over: from now on the caller closes it.</summary>
    /// <remarks>Any thread may call it.</remarks>
    /// <exception cref="InvalidOperationException">It was taken before, or the group is closed.</exception>
    internal override int TakeListener(int worker, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(worker);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(worker, _workers);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, ListenersPerWorker);

        int fd = Interlocked.Exchange(ref _listeners[SlotOf(worker, index)], None);
        return fd != None
            ? fd
            : throw new InvalidOperationException(
                $"Listener {index} of worker {worker} on {_address} was taken or closed before.");
    }

    /// <summary>Closes the guards and the listeners that nobody took. A second call does nothing.</summary>
    public override void Dispose()
    {
        CloseAll(_listeners);
        CloseAll(_guards);
    }

    private void OpenAll()
    {
        int port = _address.Port;
        for (int index = 0; index < _endPoints.Length; index++)
        {
            OpenEndPoint(index, port);
            port = _endPoints[index].EndPoint.Port;
        }

        _isSealed = _workers == 1;
        if (_workers > 1)
        {
            _isSealed = _address.Network == ListenNetwork.Udp ? SealDatagrams() : SealStreams(port);
        }
    }

    private void OpenEndPoint(int index, int port)
    {
        ListenEndPoint endPoint = _endPoints[index].WithPort(port);
        int worker = 0;
        int first = OpenDatagramGuard(index, endPoint);
        if (first == None)
        {
            int slot = SlotOf(worker++, index);
            first = Keep(_listeners, slot, ListenerSocket.ListenAlone(endPoint, _backlog), endPoint);
        }
        if (port == 0)
        {
            endPoint = endPoint.WithPort(SocketOptions.GetLocalEndPoint(first)!.Port);
        }
        _endPoints[index] = endPoint;

        if (_workers > 1)
        {
            Check(SocketOptions.SetReusePort(first, on: true), endPoint);
        }
        for (; worker < _workers; worker++)
        {
            Keep(
                _listeners,
                SlotOf(worker, index),
                ListenerSocket.ListenAlong(endPoint, _backlog),
                endPoint);
        }

        for (worker = 0; worker < _workers; worker++)
        {
            _routing?.Apply(_listeners[SlotOf(worker, index)], worker);
        }
    }

    /// <summary>
    /// For datagrams, the guard that takes the port; <see cref="None"/> where there is no guard.
    /// </summary>
    private int OpenDatagramGuard(int index, ListenEndPoint endPoint)
    {
        if (_workers == 1 || _address.Network != ListenNetwork.Udp)
        {
            return None;
        }

        int guard = DatagramGuard.OpenFirst(endPoint);
        return guard == -Errno.ENOPROTOOPT ? None : Keep(_guards, FirstGuardOf(index), guard, endPoint);
    }

    private bool SealStreams(int port)
    {
        for (int index = 0; index < _endPoints.Length; index++)
        {
            Keep(_guards, FirstGuardOf(index), PortGuard.Open(_endPoints[index]), _endPoints[index]);
        }

        return PortGuard.Seal(port);
    }

    private bool SealDatagrams()
    {
        for (int index = 0; index < _endPoints.Length; index++)
        {
            int first = _guards[FirstGuardOf(index)];
            if (first == None)
            {
                return false;
            }

            ListenEndPoint endPoint = _endPoints[index];
            int last = Keep(_guards, FirstGuardOf(index) + 1, DatagramGuard.OpenLast(endPoint), endPoint);
            Check(SocketOptions.SetReusePort(first, on: false), endPoint);
            Check(SocketOptions.SetReusePort(last, on: false), endPoint);
        }

        return Array.TrueForAll(_endPoints, DatagramGuard.Holds);
    }

    /// <summary>Stores a new descriptor where <see cref="Dispose"/> finds it, whatever fails next.</summary>
    private int Keep(int[] descriptors, int slot, int result, ListenEndPoint endPoint)
    {
        Check(result, endPoint);
        descriptors[slot] = result;
        return result;
    }

    private void Check(int result, ListenEndPoint endPoint)
    {
        if (result < 0)
        {
            throw ListenErrors.For(_address, endPoint, -result);
        }
    }

    private static int FirstGuardOf(int index) => GuardsPerEndPoint * index;

    private int SlotOf(int worker, int index) => worker * ListenersPerWorker + index;

    private static void CloseAll(int[] descriptors)
    {
        for (int i = 0; i < descriptors.Length; i++)
        {
            int fd = Interlocked.Exchange(ref descriptors[i], None);
            if (fd != None)
            {
                // Linux frees the descriptor whatever close returns, so there is nothing to handle.
                Libc.Close(fd);
            }
        }
    }
}
