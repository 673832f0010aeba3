using System.Net;
using Gain.CompilerServices;
using Gain.Memory;
using Gain.Rings;
using Gain.Sockets;
using Gain.Uring;
using Gain.Workers;
using Microsoft.Extensions.Logging;

namespace Gain;

/// <summary>
/// A running server: its listening sockets, and the workers that serve their connections with copies of a
/// <see cref="GainProtocolAttribute"/> struct. All members may be used from any thread.
/// </summary>
public sealed partial class GainServer : IAsyncDisposable
{
    private readonly GainOptions _options;
    private readonly ServerState _state;
    private readonly WorkerGroup _workers;
    private readonly GainMetrics _metrics;
    private readonly ShutdownSignals _signals;
    private readonly ServerWatch _watch;
    private readonly OpenListeners _listening;

    private GainServer(
        GainOptions options, ServerState state, WorkerGroup workers, OpenListeners listening)
    {
        _options = options;
        _state = state;
        _workers = workers;
        _listening = listening;
        _metrics = new GainMetrics(
            string.Join(", ", Addresses), () => Statistics, workers.TakeLongestTurnMs, options.MeterFactory);
        _signals = new ShutdownSignals(state, () => _ = StopAsync());
        _watch = new ServerWatch(state, workers, _signals, options.SlowTurnWarning, Release);
    }

    /// <summary>
    /// Where the server listens, with the ports that the kernel chose for port 0, as in
    /// <c>tcp://127.0.0.1:9000</c> and <c>unix:///run/my-server.sock</c>, in the order in which the addresses
    /// were given. A name that stands for several IP addresses has an entry for each. A socket that systemd
    /// passed is named by the address that it is bound to. The list is what holds now, and does not change:
    /// after <see cref="AddListener"/> and <see cref="StopListeningAsync"/> read it again.
    /// </summary>
    public IReadOnlyList<string> Addresses => _listening.Addresses;

    /// <summary>The IP addresses among <see cref="Addresses"/>, as end points.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => _listening.EndPoints;

    /// <summary>The connections open now: accepted, and not yet past <c>OnClose</c>.</summary>
    public int ActiveConnections => _state.Admission.Active;

    /// <summary>
    /// Whether the server accepts: false from the first call of <see cref="StopAsync"/> on.
    /// </summary>
    public bool IsRunning => !_state.StopRequested && !_workers.Completion.IsCompleted;

    /// <summary>
    /// The ring in use and its features, as in <c>io_uring (DEFER_TASKRUN, …)</c>, or why it is not io_uring,
    /// as in <c>epoll (io_uring: EPERM, refused by a seccomp filter)</c>.
    /// </summary>
    public string RingDescription => _workers.RingDescription;

    /// <summary>The number of workers.</summary>
    public int WorkerCount => _options.WorkerCount;

    /// <summary>
    /// The connections of each worker now: those that it serves, closes, or is about to be handed. Allocates.
    /// </summary>
    public IReadOnlyList<int> ConnectionsPerWorker
    {
        get
        {
            WorkerLoads loads = _state.HandOvers.Loads;
            int[] counts = new int[loads.Count];
            for (int worker = 0; worker < counts.Length; worker++)
            {
                counts[worker] = loads[worker];
            }

            return counts;
        }
    }

    /// <summary>What the server has counted so far.</summary>
    public GainStatistics Statistics =>
        _workers.ReadStatistics() with
        {
            LostMessages = _state.LostMessages,
            BufferedBytes = _state.Budget.ReservedBytes,
        };

    /// <summary>
    /// A value that names a socket for datagrams. Use it to send, and to join multicast groups, before any
    /// datagram has come.
    /// </summary>
    /// <param name="address">Which of <see cref="Addresses"/> it is bound to, counted from 0.</param>
    /// <param name="worker">The worker whose socket it is, as each worker has one: 0 to <see
    /// cref="WorkerCount"/> - 1.</param>
    /// <returns>The handle. It may be kept and used on any thread.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such address, or no such worker.</exception>
    /// <exception cref="InvalidOperationException">Connections arrive at the address.</exception>
    public DatagramHandle GetDatagramHandle(int address = 0, int worker = 0)
    {
        BoundAddress[] bound = _listening.Bound;
        ArgumentOutOfRangeException.ThrowIfNegative(address);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(address, bound.Length);
        ArgumentOutOfRangeException.ThrowIfNegative(worker);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(worker, WorkerCount);
        return _workers.TryGetDatagrams(worker, bound[address].Place, out DatagramHandle handle)
            ? handle
            : throw new InvalidOperationException(
                $"Connections arrive at {bound[address].Address}, no datagrams.");
    }

    /// <summary>Starts a server on an address and returns when all its workers listen.</summary>
    /// <typeparam name="TProtocol">A partial struct with <see cref="GainProtocolAttribute"/>.</typeparam>
    /// <param name="prototype">The instance that every connection gets its own copy of.</param>
    /// <param name="address">
    /// <c>tcp://host:port</c>, <c>tcp4://…</c> or <c>tcp6://…</c>: the host is a name, an IPv4 address, an
    /// IPv6 address in brackets, or empty for all addresses; port 0 lets the kernel choose.
    /// <c>udp://…</c>, <c>udp4://…</c> and <c>udp6://…</c>: the same, for datagrams.
    /// <c>unix:///path</c> or <c>unix://@name</c>: a Unix socket at an absolute path, or with an abstract
    /// name; <c>unixgram://…</c>: the same, for datagrams. <c>systemd:name</c> or <c>systemd:</c>: the
    /// sockets that systemd has passed, of that name or all.
    /// </param>
    /// <param name="options">The options; copied. Null: the defaults.</param>
    /// <returns>The running server. Stop it with <see cref="StopAsync"/> or by disposing it.</returns>
    /// <exception cref="GainException">
    /// An option or the address is invalid, the address is in use or not available, or the ring that <see
    /// cref="GainOptions.Ring"/> asks for is not available. The message says what to do. Nothing is left
    /// open, and the start can be tried again.
    /// </exception>
    public static GainServer Start<TProtocol>(
        TProtocol prototype, string address, GainOptions? options = null)
        where TProtocol : struct, IProtocol<TProtocol>
    {
        ArgumentNullException.ThrowIfNull(address);
        return Start(ListenPlan<TProtocol>.Of(prototype, ServerAddress.Parse(address)), options);
    }

    /// <summary>Starts a server on an address without holding up the caller.</summary>
    /// <typeparam name="TProtocol">A partial struct with <see cref="GainProtocolAttribute"/>.</typeparam>
    /// <param name="prototype">The instance that every connection gets its own copy of.</param>
    /// <param name="address">
    /// As for <see cref="Start{TProtocol}(TProtocol, string, GainOptions)"/>.
    /// </param>
    /// <param name="options">The options; copied. Null: the defaults.</param>
    /// <param name="cancellationToken">
    /// Ends the start: a wait for an address too. Once all workers listen it has no effect.
    /// </param>
    /// <returns>The running server, when all its workers listen. <c>OnStart</c> runs on the thread
    /// pool.</returns>
    /// <exception cref="OperationCanceledException">
    /// The start was cancelled (in the task). Nothing is left open.
    /// </exception>
    /// <exception cref="GainException">As for the other method (in the task).</exception>
    public static Task<GainServer> StartAsync<TProtocol>(
        TProtocol prototype,
        string address,
        GainOptions? options = null,
        CancellationToken cancellationToken = default)
        where TProtocol : struct, IProtocol<TProtocol> =>
        Listen(prototype, address).StartAsync(options, cancellationToken);

    /// <summary>
    /// Begins a server that listens on several addresses, of any mix of networks. One protocol can serve them
    /// all, or each its own. Add the others by <see cref="GainServerBuilder{TProtocol}.Listen(TProtocol,
    /// string, ReadOnlySpan{string})"/>, then call <see cref="GainServerBuilder{TProtocol}.Start"/>. Nothing
    /// is open before that.
    /// </summary>
    /// <typeparam name="TProtocol">A partial struct with <see cref="GainProtocolAttribute"/>.</typeparam>
    /// <param name="prototype">
    /// The instance that the connections to these addresses get their copies of.
    /// </param>
    /// <param name="address">As for <see cref="Start{TProtocol}(TProtocol, string, GainOptions)"/>.</param>
    /// <param name="more">Further addresses that the same prototype serves.</param>
    /// <returns>What takes further addresses, and starts the server.</returns>
    /// <exception cref="GainException">An address is malformed, or given twice.</exception>
    public static GainServerBuilder<TProtocol> Listen<TProtocol>(
        TProtocol prototype, string address, params ReadOnlySpan<string> more)
        where TProtocol : struct, IProtocol<TProtocol> =>
        new(ListenPlan<TProtocol>.Of(prototype, ServerAddress.ParseAll(address, more)));

    /// <summary>Like the other overload, on an end point.</summary>
    /// <typeparam name="TProtocol">A partial struct with <see cref="GainProtocolAttribute"/>.</typeparam>
    /// <param name="prototype">
    /// The instance that the connections to this end point get their copies of.
    /// </param>
    /// <param name="endPoint">The address and port; port 0 lets the kernel choose.</param>
    /// <returns>What takes further addresses, and starts the server.</returns>
    /// <exception cref="GainException">Nobody can listen on the address.</exception>
    public static GainServerBuilder<TProtocol> Listen<TProtocol>(TProtocol prototype, IPEndPoint endPoint)
        where TProtocol : struct, IProtocol<TProtocol>
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return new(ListenPlan<TProtocol>.Of(prototype, ListenAddress.From(endPoint)));
    }

    /// <summary>
    /// Stops the server: it stops accepting, answers what has arrived, lets pending output go out, and closes
    /// every connection with <see cref="CloseReason.ServerStopped"/>. Connections that are left at the
    /// deadline are reset.
    /// </summary>
    /// <param name="drainTimeout">
    /// How long that may take; null for <see cref="TimeoutOptions.Drain"/>. A later call can shorten it.
    /// </param>
    /// <param name="cancellationToken">Ends the wait for the peers: connections that are left are reset at
    /// once.</param>
    /// <returns>
    /// A task that ends when everything is closed, also after a cancellation. Called from a callback of this
    /// server, it returns a task that has already ended: the stop has begun, and a callback that waited for
    /// its end would wait for itself.
    /// </returns>
    /// <exception cref="GainException">
    /// The time is invalid, or a worker had failed before (in the task). Or a callback has not returned a
    /// second after the deadline (<see cref="GainError.WorkerStuck"/>, in the task): the message names its
    /// worker and protocol. That worker's connections stay open until the callback returns.
    /// </exception>
    public Task StopAsync(TimeSpan? drainTimeout = null, CancellationToken cancellationToken = default)
    {
        RequestStop(drainTimeout);
        if (_workers.IsCurrent)
        {
            return Task.CompletedTask;
        }

        return cancellationToken.CanBeCanceled ? DrainAsync(cancellationToken) : Completion;
    }

    // The later request has the sooner deadline, which counts.
    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static server => ((GainServer)server!).RequestStop(TimeSpan.Zero), this);
        await Completion.ConfigureAwait(false);
    }

    /// <summary>
    /// Begins to stop the server, as <see cref="StopAsync"/> does, and returns at once. For callbacks, which
    /// must not wait for the end.
    /// </summary>
    /// <param name="drainTimeout">
    /// How long the stop may take; null for <see cref="TimeoutOptions.Drain"/>. A later call can shorten
    /// it.
    /// </param>
    /// <exception cref="GainException">The time is invalid.</exception>
    public void RequestStop(TimeSpan? drainTimeout = null)
    {
        TimeSpan drain = drainTimeout ?? _options.Timeouts.Drain;
        OptionRules.Check(drain, TimeSpan.FromDays(1), nameof(drainTimeout));
        if (!_state.StopRequested)
        {
            Log.Stopping(_state.Logger, (long)drain.TotalMilliseconds);
        }

        _state.RequestStop(MonotonicClock.NowMs + (long)drain.TotalMilliseconds);
        _workers.NotifyAll();
        _watch.Notify();
    }

    /// <summary>
    /// Ends when the server has stopped and everything is closed. If a worker failed, it ends with the fault.
    /// It does not handle signals: <see cref="WaitForShutdownAsync"/> turns those into a stop.
    /// </summary>
    public Task Completion => _watch.Stopped;

    /// <summary>
    /// Waits until the server has stopped. SIGINT and SIGTERM stop it as <see cref="StopAsync"/> does. A
    /// second signal ends the process at once, as it ends a process without a handler: the exit code is the
    /// signal's, and open connections are lost.
    /// </summary>
    /// <param name="cancellationToken">Stops the server, as a signal does.</param>
    /// <returns>A task that ends when everything is closed.</returns>
    /// <remarks>
    /// Call it within two seconds of the start. A signal that comes in this time waits for the call; one that
    /// comes later, and before the call, ends the process. A program that never calls it keeps its own
    /// handling of signals.
    /// </remarks>
    /// <exception cref="GainException">
    /// A worker failed, or does not return from a callback (in the task).
    /// </exception>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken = default)
    {
        _signals.Take();
        return cancellationToken.CanBeCanceled ? WaitAsync(cancellationToken) : Completion;
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static server => ((GainServer)server!).RequestStop(), this);
        await Completion.ConfigureAwait(false);
    }

    /// <summary>Stops the server as <see cref="StopAsync"/> does, with the default time.</summary>
    /// <returns>A task that ends when everything is closed.</returns>
    public ValueTask DisposeAsync() => new(StopAsync());
}
