using Gain.CompilerServices;
using Gain.Workers;

namespace Gain.Testing;

/// <summary>
/// A handler or a session on Gain's own worker, without sockets and without time: peers are objects, and the
/// clock stands still until <see cref="Advance"/> moves it. Nothing runs by itself and nothing is parallel,
/// so a test does the same every time.
/// </summary>
/// <remarks>
/// <para>
/// Each action of a peer lets the worker do all that there is to do now, on the calling thread; when it
/// returns, the handler has seen it, and <see cref="TestPeer.Received"/> has the answer. A server and its
/// peers are used by one thread at a time.
/// </para>
/// <para>
/// There are no datagrams, no dialled connections and no layers such as TLS, and no socket behind
/// <c>Connection.Socket</c>, whose members throw. <c>OnStart</c> is not called, as there is no
/// <c>GainServer</c>: give the prototype what it would have set.
/// </para>
/// </remarks>
public sealed class TestServer : IDisposable
{
    /// <summary>
    /// The most connections at once, and fewer where <c>Limits.MaxConnections</c> allows fewer.
    /// </summary>
    public const int MaxConnections = 256;

    private readonly TestWorker _worker;
    private readonly List<TestPeer> _peers = [];
    private readonly TimeSpan _drain;
    private readonly int _allowed;
    private bool _isRunning;
    private bool _isDisposed;

    private TestServer(TestWorker worker, GainOptions options)
    {
        _worker = worker;
        _drain = options.Timeouts.Drain;
        _allowed = options.Limits.MaxConnections;
    }

    /// <summary>
    /// How long <see cref="RunUntil"/> waits for other threads, in real time. Default: 10 seconds.
    /// </summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The time that has passed since the start. It moves in <see cref="Advance"/> alone.</summary>
    public TimeSpan Now => new(_worker.Kernel.NowNs / TimeSpan.NanosecondsPerTick);

    /// <summary>All peers, in the order in which they connected.</summary>
    public IReadOnlyList<TestPeer> Peers => _peers;

    /// <summary>Whether it has stopped, and all its connections are gone.</summary>
    public bool HasStopped => _worker.HasStopped;

    /// <summary>What the worker has counted so far.</summary>
    public GainStatistics Statistics => _worker.Statistics;

    internal TestWorker Worker => _worker;

    /// <summary>Starts a server.</summary>
    /// <typeparam name="TProtocol">A partial struct with <see cref="GainProtocolAttribute"/>.</typeparam>
    /// <param name="prototype">The instance that every connection gets its own copy of.</param>
    /// <param name="options">
    /// The options; copied. Null: the defaults. It has one worker, whatever they say, and nothing of sockets,
    /// rings or CPUs has an effect. Without a logger it logs nothing.
    /// </param>
    /// <returns>The server. Dispose of it: that ends its connections.</returns>
    /// <exception cref="GainException">An option is invalid, or the protocol has no callback for
    /// connections.</exception>
    public static TestServer Start<TProtocol>(TProtocol prototype, GainOptions? options = null)
        where TProtocol : struct, IProtocol<TProtocol>
    {
        GainOptions valid = (options ?? new GainOptions()).Validated();
        if (!ProtocolFit.ServesConnections(ref prototype))
        {
            throw new GainException(
                GainError.ProtocolMismatch,
                $"{TProtocol.DisplayName} cannot be tested by a TestServer, which has connections only: it "
                + "declares only OnDatagram. Test it with a GainServer on udp://127.0.0.1:0.");
        }

        var server = new TestServer(new TestWorker<TProtocol>(prototype, valid), valid);
        server.Run();
        return server;
    }

    /// <summary>Connects a peer, which reads what it is sent.</summary>
    /// <returns>The peer. <c>OnAccept</c> has been called, unless a limit of the options kept it
    /// out.</returns>
    /// <exception cref="InvalidOperationException">There are <see cref="MaxConnections"/> already, and the
    /// options allow more; or the server has stopped.</exception>
    public TestPeer Connect()
    {
        DemandIdle();
        if (HasStopped || _worker.Kernel.Listener.IsClosed)
        {
            throw new InvalidOperationException("The server has stopped: nobody can connect anymore.");
        }

        if (_allowed > MaxConnections && _peers.Count(static peer => peer.Socket.Slot >= 0
            && !peer.Socket.IsClosed) >= MaxConnections)
        {
            throw new InvalidOperationException(
                $"A TestServer holds {MaxConnections} connections at once, and the options allow "
                + $"{_allowed:N0}: end some, or set Limits.MaxConnections to test the limit.");
        }

        var peer = new TestPeer(this, (ushort)(1 + (_peers.Count % ushort.MaxValue)));
        _peers.Add(peer);
        _worker.Kernel.Listener.Backlog.Enqueue(peer.Socket);
        _worker.Kernel.RunAccept();
        Run();
        return peer;
    }

    /// <summary>
    /// Lets the worker do what there is to do now. Peers do it themselves: it is for a test that has
    /// completed a task which a session awaits, or has posted something.
    /// </summary>
    /// <exception cref="InvalidOperationException">A callback called it; or the worker never comes to an
    /// end.</exception>
    public void Run()
    {
        DemandIdle();
        _isRunning = true;
        try
        {
            _worker.Run();
        }
        finally
        {
            _isRunning = false;
        }

        foreach (TestPeer peer in _peers)
        {
            _worker.NoteEnd(peer.Socket);
        }
    }

    /// <summary>
    /// Lets the worker go on until a condition holds, while other threads work for it: the thread pool for
    /// <c>Offload</c>, or whoever completes a task. In between it waits for them in real time, without the
    /// server's clock moving.
    /// </summary>
    /// <param name="condition">Asked at first, and again whenever another thread has woken the
    /// worker.</param>
    /// <exception cref="TimeoutException">Nobody woke the worker for <see cref="Patience"/>.</exception>
    public void RunUntil(Func<bool> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        Run();
        while (!condition())
        {
            if (HasStopped || !_worker.AwaitWork(Patience))
            {
                throw new TimeoutException(HasStopped
                    ? "The server has stopped, and the condition does not hold."
                    : $"The condition does not hold, and no thread has woken the worker for {Patience} of "
                        + "real time: what does the session await? Time of the server's own passes in "
                        + "Advance alone.");
            }

            Run();
        }
    }

    /// <summary>
    /// Lets the worker go on until no answer is due: sessions that were away have come back, and what was
    /// held was released. As <see cref="RunUntil"/>, it waits for other threads.
    /// </summary>
    /// <exception cref="TimeoutException">Nobody woke the worker for <see cref="Patience"/>.</exception>
    public void RunUntilAnswered() => RunUntil(() => !_worker.OwesAnswers);

    /// <summary>
    /// Moves the clock, and lets happen what is due on the way, in its order and at its time: timers, delays,
    /// deadlines.
    /// </summary>
    /// <param name="time">How far; at least zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        Run();
        long end = checked(_worker.Kernel.NowNs + (time.Ticks * TimeSpan.NanosecondsPerTick));
        while (!HasStopped && _worker.Kernel.IdleNs >= 0
            && _worker.Kernel.IdleNs <= end - _worker.Kernel.NowNs)
        {
            _worker.Kernel.NowNs += _worker.Kernel.IdleNs;
            Run();
        }

        _worker.Kernel.NowNs = end;
        Run();
    }

    /// <summary>
    /// Begins to stop the server, as <c>GainServer.StopAsync</c> does. What its peers, its sessions and its
    /// answers have to do until the end is the test's matter: <see cref="HasStopped"/> tells when it came.
    /// </summary>
    /// <param name="drainTimeout">
    /// How long the stop may take, by the server's clock; null for <c>Timeouts.Drain</c>. A later call can
    /// shorten it.
    /// </param>
    public void Stop(TimeSpan? drainTimeout = null)
    {
        TimeSpan drain = drainTimeout ?? _drain;
        ArgumentOutOfRangeException.ThrowIfLessThan(drain, TimeSpan.Zero, nameof(drainTimeout));
        DemandIdle();
        _worker.RequestStop(drain);
        Run();
    }

    /// <summary>
    /// Stops the server at once: connections that are left are reset. Their callbacks come as at any stop.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The worker has lost a slot, a buffer or memory, which is a defect of Gain's.
    /// </exception>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (!HasStopped)
        {
            Stop(TimeSpan.Zero);
        }

        if (!HasStopped)
        {
            var failure = new InvalidOperationException("The worker did not stop at its deadline.");
            _worker.Abandon(failure);
            throw failure;
        }
    }

    /// <summary>Throws where a callback of this server calls.</summary>
    internal void DemandIdle()
    {
        if (_isRunning)
        {
            throw new InvalidOperationException(
                "A callback or a session of a TestServer used the server or one of its peers: that is for "
                + "the test, when the callback has returned.");
        }
    }
}
