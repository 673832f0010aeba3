using System.Net;
using System.Runtime.InteropServices;
using Gain.Connections;
using Gain.Net;
using Gain.Rings;
using Gain.Uring;
using Gain.Workers;
using Microsoft.Extensions.Logging;

namespace Gain;

/// <summary>
/// A running server: its listening sockets, and the workers that serve their connections with copies of a
/// <see cref="GainProtocolAttribute"/> struct. All members may be used from any thread.
/// </summary>
public sealed class GainServer : IAsyncDisposable
{
    private readonly GainOptions _options;
    private readonly ServerState _state;
    private readonly WorkerGroup _workers;
    private readonly GainMetrics _metrics;
    private readonly Task _stopped;

    private GainServer(
        GainOptions options, ServerState state, WorkerGroup workers, ListenerSet listeners)
    {
        _options = options;
        _state = state;
        _workers = workers;
        Addresses = [.. listeners.Addresses];
        Endpoints = [.. listeners.EndPoints];
        _metrics = new GainMetrics(
            string.Join(", ", Addresses), () => Statistics, workers.TakeLongestTurnMs);
        _stopped = StoppedAsync(listeners);
    }

    /// <summary>
    /// Where the server listens, with the ports that the kernel chose for port 0, as in
    /// <c>tcp://127.0.0.1:9000</c> and <c>unix:///run/my-server.sock</c>, in the order in which the addresses
    /// were given. A name that stands for several IP addresses has an entry for each. What systemd has passed
    /// is named by what it is bound to.
    /// </summary>
    public IReadOnlyList<string> Addresses { get; }

    /// <summary>The same as end points: of all addresses that have an IP address.</summary>
    public IReadOnlyList<IPEndPoint> Endpoints { get; }

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
    public string Ring => _workers.RingDescription;

    /// <summary>The number of workers.</summary>
    public int Workers => _options.Workers;

    /// <summary>What the server has counted so far.</summary>
    public GainStatistics Statistics =>
        _workers.ReadStatistics() with
        {
            LostMessages = _state.LostMessages,
            BufferedBytes = _state.Budget.ReservedBytes,
        };

#pragma warning disable RS0026 // The overloads differ in a parameter that is not optional.
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
    /// An option or the address is invalid, the address is in use or not to be had, or the ring that
    /// <see cref="GainOptions.Ring"/> asks for is; the message says what to do. Nothing is left open, and the
    /// start may be tried again.
    /// </exception>
    public static GainServer Start<TProtocol>(
        TProtocol prototype, string address, GainOptions? options = null)
        where TProtocol : struct, IProtocol<TProtocol>
    {
        ArgumentNullException.ThrowIfNull(address);
        return Start(ListenPlan<TProtocol>.Of(prototype, ServerAddress.Parse(address)), options);
    }

    /// <summary>Starts a server on an end point and returns when all its workers listen.</summary>
    /// <typeparam name="TProtocol">A partial struct with <see cref="GainProtocolAttribute"/>.</typeparam>
    /// <param name="prototype">The instance that every connection gets its own copy of.</param>
    /// <param name="endpoint">The address and port; port 0 lets the kernel choose.</param>
    /// <param name="options">The options; copied. Null: the defaults.</param>
    /// <returns>The running server. Stop it with <see cref="StopAsync"/> or by disposing it.</returns>
    /// <exception cref="GainException">As for the other overload.</exception>
    public static GainServer Start<TProtocol>(
        TProtocol prototype, IPEndPoint endpoint, GainOptions? options = null)
        where TProtocol : struct, IProtocol<TProtocol>
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return Start(ListenPlan<TProtocol>.Of(prototype, ListenAddress.From(endpoint)), options);
    }
#pragma warning restore RS0026

    /// <summary>
    /// Begins a server that listens on several addresses, of any mix of networks, with one protocol for all
    /// or each its own: add the others by <see cref="GainServerBuilder{TProtocol}.Listen(TProtocol, string,
    /// ReadOnlySpan{string})"/>, then call <see cref="GainServerBuilder{TProtocol}.Start"/>. Nothing is open
    /// before that.
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

    /// <summary>As the other overload, on an end point.</summary>
    /// <typeparam name="TProtocol">A partial struct with <see cref="GainProtocolAttribute"/>.</typeparam>
    /// <param name="prototype">
    /// The instance that the connections to this end point get their copies of.
    /// </param>
    /// <param name="endpoint">The address and port; port 0 lets the kernel choose.</param>
    /// <returns>What takes further addresses, and starts the server.</returns>
    /// <exception cref="GainException">Nobody can listen on the address.</exception>
    public static GainServerBuilder<TProtocol> Listen<TProtocol>(TProtocol prototype, IPEndPoint endpoint)
        where TProtocol : struct, IProtocol<TProtocol>
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return new(ListenPlan<TProtocol>.Of(prototype, ListenAddress.From(endpoint)));
    }

    /// <summary>
    /// Stops the server: it accepts no more, answers what has arrived, lets pending output go out, and
    /// closes every connection with <see cref="CloseReason.ServerStopped"/>. What is left at the deadline
    /// is reset.
    /// </summary>
    /// <param name="drainTimeout">
    /// How long that may take; null for <see cref="GainOptions.DrainTimeout"/>. A later call can shorten it.
    /// </param>
    /// <returns>
    /// A task that ends when everything is closed. From a callback of this server it has ended already: the
    /// stop has begun, and a callback that waited for its end would wait for itself.
    /// </returns>
    /// <exception cref="GainException">
    /// A worker had failed before (in the task), or the time is invalid.
    /// </exception>
    public Task StopAsync(TimeSpan? drainTimeout = null)
    {
        TimeSpan drain = drainTimeout ?? _options.DrainTimeout;
        GainOptions.Check(nameof(drainTimeout), drain, TimeSpan.FromDays(1));
        if (!_state.StopRequested)
        {
            Log.Stopping(_state.Logger, (long)drain.TotalMilliseconds);
        }

        _state.RequestStop(MonotonicClock.NowMs + (long)drain.TotalMilliseconds);
        _workers.NotifyAll();
        return _workers.IsCurrent ? Task.CompletedTask : _stopped;
    }

    /// <summary>
    /// Waits until the server has stopped: by SIGINT or SIGTERM, which it turns into
    /// <see cref="StopAsync"/> while it waits (a second signal resets what is still open), or by a call.
    /// </summary>
    /// <returns>A task that ends when everything is closed.</returns>
    /// <exception cref="GainException">A worker failed (in the task).</exception>
    public async Task WaitForShutdownAsync()
    {
        int signals = 0;
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            _ = StopAsync(Interlocked.Increment(ref signals) == 1 ? null : TimeSpan.Zero);
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await _stopped.ConfigureAwait(false);
    }

    /// <summary>Stops the server as <see cref="StopAsync"/> does, with the default time.</summary>
    /// <returns>A task that ends when everything is closed.</returns>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    /// <summary>Starts a server that may ask for io_uring by other means, as tests do.</summary>
    internal static GainServer Start<TProtocol>(
        ListenPlan<TProtocol> plan, GainOptions? options, IRingCalls? calls = null)
        where TProtocol : struct, IProtocol<TProtocol>
    {
        GainOptions valid = (options ?? new GainOptions()).Validated();
        ILogger logger = valid.Logger ?? new StandardErrorLogger(valid.LogLevel);
        RingChoice choice = RingChoice.Make(valid.Ring, calls ?? KernelRingCalls.Instance);
        try
        {
            return Start(plan, valid, logger, choice);
        }
        catch (GainException refused) when (choice.MayFallBack(refused))
        {
            return Start(plan, valid, logger, choice.FallBack(refused));
        }
    }

    private static GainServer Start<TProtocol>(
        ListenPlan<TProtocol> plan, GainOptions options, ILogger logger, RingChoice choice)
        where TProtocol : struct, IProtocol<TProtocol>
    {
        var state = new ServerState(
            logger, new Admission(options), new MemoryBudget(options.MaxBufferedBytes));
        if (choice.FellBack)
        {
            Log.FellBack(state.Logger, choice.Verdict!.Reason!, choice.Verdict.Advice);
        }

        WarnOfShortfalls(state.Logger, options.Sockets);
        ListenerSet listeners = plan.Open(options);
        try
        {
            ProtocolFit.Check(plan, listeners);
            WorkerGroup workers = choice.Ring == GainRing.Uring
                ? new WorkerThreads<TProtocol, UringRing>(
                    plan, options, state, choice.NewUringFactory(), listeners)
                : new WorkerThreads<TProtocol, EpollRing>(
                    plan, options, state, choice.NewEpollFactory(), listeners);
            state.Admission.Attach(workers.NotifyAll);
            workers.Open();
            var server = new GainServer(options, state, workers, listeners);
            workers.Start(server);
            string addresses = string.Join(", ", server.Addresses);
            Log.Listening(state.Logger, addresses, options.Workers, server.Ring);
            if (!listeners.IsSealed)
            {
                Log.NotSealed(state.Logger, string.Join(", ", listeners.UnsealedAddresses));
            }

            return server;
        }
        catch
        {
            listeners.Dispose();
            throw;
        }
    }

    private static void WarnOfShortfalls(ILogger logger, SocketSettings settings)
    {
        foreach (GrantedOption option in ListenerOptions.FindShortfalls(settings))
        {
            Log.OptionHeld(logger, option.Name, option.Asked, option.Granted, option.Limit);
        }

        if (settings.FastOpenQueue != 0 && !ListenerOptions.MayFastOpen(out int setting))
        {
            Log.FastOpenOff(logger, setting);
        }
    }

    private async Task StoppedAsync(ListenerSet listeners)
    {
        try
        {
            await _workers.Completion.ConfigureAwait(false);
        }
        finally
        {
            listeners.Dispose();
            _metrics.Dispose();
            Log.Stopped(_state.Logger);
        }
    }
}
