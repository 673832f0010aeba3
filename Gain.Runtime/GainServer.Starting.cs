using System.Net;
using Gain.CompilerServices;
using Gain.Memory;
using Gain.Rings;
using Gain.Sockets;
using Gain.Uring;
using Gain.Workers;
using Microsoft.Extensions.Logging;

namespace Gain;

/// <remarks>The steps of a start: options, ring, listeners, workers; what fails leaves nothing
/// open.</remarks>
public sealed partial class GainServer
{
    /// <summary>Starts a server that may ask for io_uring by other means, as tests do.</summary>
    internal static GainServer Start<TProtocol>(
        ListenPlan<TProtocol> plan,
        GainOptions? options,
        IRingCalls? calls = null,
        CancellationToken cancellationToken = default)
        where TProtocol : struct, IProtocol<TProtocol>
    {
        Platform.Require();
        GainOptions valid = (options ?? new GainOptions()).Validated();
        return Start(
            plan, valid, AcceptorMaker.For(valid), calls ?? KernelRingCalls.Instance, cancellationToken);
    }

    /// <summary>Starts a server with a balancer of the user's.</summary>
    internal static GainServer Start<TProtocol, TBalancer>(
        ListenPlan<TProtocol> plan,
        GainOptions options,
        TBalancer balancer,
        CancellationToken cancellationToken = default)
        where TProtocol : struct, IProtocol<TProtocol>
        where TBalancer : struct, IBalancer
    {
        ArgumentNullException.ThrowIfNull(options);
        Platform.Require();
        GainOptions valid = options.Validated();
        OptionRules.CheckCustomBalancer(valid, typeof(TBalancer));
        return Start(
            plan, valid, AcceptorMaker.With(balancer), KernelRingCalls.Instance, cancellationToken);
    }

    private static GainServer Start<TProtocol>(
        ListenPlan<TProtocol> plan,
        GainOptions options,
        AcceptorMaker? acceptor,
        IRingCalls calls,
        CancellationToken cancellationToken)
        where TProtocol : struct, IProtocol<TProtocol>
    {
        options.CheckPlacing();
        ILogger logger = options.Logger ?? new StandardErrorLogger(options.LogLevel);
        RingChoice choice = RingChoice.Make(options.Ring, calls);
        try
        {
            return Start(plan, options, logger, choice, acceptor, cancellationToken);
        }
        catch (GainException refused) when (choice.MayFallBack(refused))
        {
            return Start(plan, options, logger, choice.FallBack(refused), acceptor, cancellationToken);
        }
    }

    private static GainServer Start<TProtocol>(
        ListenPlan<TProtocol> plan,
        GainOptions options,
        ILogger logger,
        RingChoice choice,
        AcceptorMaker? acceptor,
        CancellationToken cancellationToken)
        where TProtocol : struct, IProtocol<TProtocol>
    {
        var state = new ServerState(
            logger, new Admission(options), new MemoryBudget(options.Limits.MaxBufferedBytes!.Value))
        {
            HandOvers = new HandOvers(options.WorkerCount, HandersOf(options, acceptor)),
        };
        state.LimitSessions(options.Limits);
        if (choice.FellBack)
        {
            Log.FellBack(state.Logger, choice.Verdict!.Reason!, choice.Verdict.Advice);
        }

        WarnOfShortfalls(state.Logger, options.Sockets);
        ListenerSet listeners = plan.Open(options, state.Logger, cancellationToken);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            ProtocolFit.Check(plan, listeners);
            WorkerGroup workers = choice.Ring == GainRing.Uring
                ? new WorkerThreads<TProtocol, UringRing>(
                    plan, options, state, choice.NewUringFactory(), listeners, acceptor)
                : new WorkerThreads<TProtocol, EpollRing>(
                    plan, options, state, choice.NewEpollFactory(), listeners, acceptor);
            state.Admission.Attach(workers.NotifyAll);
            workers.Open();
            var listening = new OpenListeners(plan.Served(), listeners, options, state, workers.NotifyAll);
            var server = new GainServer(options, state, workers, listening);
            server.Run();
            string addresses = string.Join(", ", server.Addresses);
            string threads = options.WorkerCount == 1 ? "1 worker" : $"{options.WorkerCount:N0} workers";
            Log.Listening(state.Logger, addresses, threads, server.RingDescription);
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

    private static int HandersOf(GainOptions options, AcceptorMaker? acceptor) =>
        acceptor is not null ? 1
        : options.HandOverExcess is not null && options.WorkerCount > 1 ? options.WorkerCount
        : 0;

    private static void WarnOfShortfalls(ILogger logger, SocketSettings settings)
    {
        foreach (GrantedOption option in ListenerOptions.FindShortfalls(settings))
        {
            Log.OptionHeld(logger, option.Name, option.Asked, option.Granted, option.Limit);
        }

        if (settings.FastOpenQueue is not null && !ListenerOptions.MayFastOpen(out int setting))
        {
            Log.FastOpenOff(logger, setting);
        }
    }

    // The threads run, and wait for this.
    private void Run()
    {
        try
        {
            _watch.Start();
        }
        catch
        {
            _workers.Abandon();
            _signals.Dispose();
            Release();
            throw;
        }

        _workers.Start(this);
    }

    private void Release()
    {
        _listening.Dispose();
        _metrics.Dispose();
    }
}
