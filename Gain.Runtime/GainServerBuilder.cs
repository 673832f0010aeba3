using System.ComponentModel;
using System.Net;
using Gain.CompilerServices;
using Gain.Layers;
using Gain.Sockets;
using Gain.Workers;

namespace Gain;

/// <summary>
/// A server that is not started yet, and the addresses that it will listen on. It is immutable: each
/// <c>Listen</c> returns a new builder. Any thread.
/// </summary>
/// <typeparam name="TProtocol">The protocol of its connections.</typeparam>
public sealed partial class GainServerBuilder<TProtocol>
    where TProtocol : struct, IProtocol<TProtocol>
{
    private readonly ListenPlan<TProtocol> _plan;

    internal GainServerBuilder(ListenPlan<TProtocol> plan) => _plan = plan;

    /// <summary>Adds addresses that the same protocol serves.</summary>
    /// <param name="prototype">
    /// The instance that the connections to these addresses get their copies of. Each address can have its
    /// own instance, with fields of its own.
    /// </param>
    /// <param name="address">As for <c>GainServer.Start</c>.</param>
    /// <param name="more">Further addresses that the same prototype serves.</param>
    /// <returns>The server with these addresses as well.</returns>
    /// <exception cref="GainException">An address is malformed, or given twice.</exception>
    public GainServerBuilder<TProtocol> Listen(
        TProtocol prototype, string address, params ReadOnlySpan<string> more) =>
        new(_plan.With(prototype, ServerAddress.ParseAll(address, more)));

    /// <summary>Adds addresses that another protocol serves.</summary>
    /// <typeparam name="TOther">A partial struct with <see cref="GainProtocolAttribute"/>.</typeparam>
    /// <param name="prototype">
    /// The instance that the connections to these addresses get their copies of. The server keeps room for a
    /// handler of each type for every connection, so name the addresses of one type one after the other.
    /// </param>
    /// <param name="address">As for <c>GainServer.Start</c>.</param>
    /// <param name="more">Further addresses that the same prototype serves.</param>
    /// <returns>The server with these addresses as well.</returns>
    /// <exception cref="GainException">An address is malformed, or given twice.</exception>
    public GainServerBuilder<ProtocolPair<TProtocol, TOther>> Listen<TOther>(
        TOther prototype, string address, params ReadOnlySpan<string> more)
        where TOther : struct, IProtocol<TOther> =>
        Add(prototype, ServerAddress.ParseAll(address, more));

    /// <summary>Adds an end point that another protocol serves.</summary>
    /// <typeparam name="TOther">A partial struct with <see cref="GainProtocolAttribute"/>.</typeparam>
    /// <param name="prototype">As for the other overload.</param>
    /// <param name="endPoint">The address and port; port 0 lets the kernel choose.</param>
    /// <returns>The server with this end point as well.</returns>
    /// <exception cref="GainException">Nobody can listen on the address, or it is given twice.</exception>
    public GainServerBuilder<ProtocolPair<TProtocol, TOther>> Listen<TOther>(
        TOther prototype, IPEndPoint endPoint)
        where TOther : struct, IProtocol<TOther>
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return Add(prototype, [ListenAddress.From(endPoint)]);
    }

    /// <summary>Adds an end point that the same protocol serves.</summary>
    /// <param name="prototype">As for the other overload.</param>
    /// <param name="endPoint">The address and port; port 0 lets the kernel choose.</param>
    /// <returns>The server with this end point as well.</returns>
    /// <exception cref="GainException">Nobody can listen on the address, or it is given twice.</exception>
    public GainServerBuilder<TProtocol> Listen(TProtocol prototype, IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return new(_plan.With(prototype, [ListenAddress.From(endPoint)]));
    }

    /// <summary>
    /// Puts a layer between the sockets and the protocol of each tls:// address that has no layer yet. It is
    /// for packages that bring a layer: call the package's own method instead.
    /// </summary>
    /// <param name="layer">The layer.</param>
    /// <returns>The server with it.</returns>
    /// <exception cref="GainException">There is no such address.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public GainServerBuilder<TProtocol> WithLayer(ConnectionLayer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return new(_plan.With(layer));
    }

    /// <summary>
    /// Puts a layer between the sockets and the protocol of each type that was given to <c>Dial</c> and has
    /// none yet: of its connections to tls:// targets, and of others that ask for it. It is for packages
    /// that bring a layer: call the package's own method instead.
    /// </summary>
    /// <param name="layer">The layer.</param>
    /// <returns>The server with it.</returns>
    /// <exception cref="GainException">There is no such type.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public GainServerBuilder<TProtocol> WithDialLayer(ConnectionLayer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return new(_plan.WithDialLayer(layer));
    }

    /// <summary>Starts the server and returns when all its workers listen on all addresses.</summary>
    /// <param name="options">
    /// The options; copied. Null: the defaults. The limits hold for all addresses together.
    /// </param>
    /// <returns>The running server.</returns>
    /// <exception cref="GainException">
    /// As for <c>GainServer.Start</c>; the message names the address. When one address is not available, none
    /// is left open.
    /// </exception>
#pragma warning disable RS0027 // The other overload has a balancer, for which options are needed.
    public GainServer Start(GainOptions? options = null) => GainServer.Start(_plan, options);
#pragma warning restore RS0027

    /// <summary>Starts the server, whose connections a balancer of yours gives to its workers.</summary>
    /// <typeparam name="TBalancer">The balancer, a struct, which is called directly.</typeparam>
    /// <param name="options">
    /// The options; copied. <see cref="GainOptions.Architecture"/> must be
    /// <see cref="GainArchitecture.Reactor"/>.
    /// </param>
    /// <param name="balancer">The balancer to begin with; the acceptor has the one copy of it.</param>
    /// <returns>The running server.</returns>
    /// <exception cref="GainException">As for the other overload.</exception>
    public GainServer Start<TBalancer>(GainOptions options, TBalancer balancer)
        where TBalancer : struct, IBalancer => GainServer.Start(_plan, options, balancer);

#pragma warning disable RS0026, RS0027 // One of them has a balancer, for which options are needed.
    /// <summary>Starts the server without holding up the caller.</summary>
    /// <param name="options">The options; copied. Null: the defaults.</param>
    /// <param name="cancellationToken">
    /// Ends the start: a wait for an address too. Once all workers listen it has no effect.
    /// </param>
    /// <returns>The running server, when all its workers listen. <c>OnStart</c> runs on the thread
    /// pool.</returns>
    /// <exception cref="OperationCanceledException">
    /// The start was cancelled (in the task). Nothing is left open.
    /// </exception>
    /// <exception cref="GainException">As for <see cref="Start(GainOptions)"/> (in the task).</exception>
    public Task<GainServer> StartAsync(
        GainOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.Run(
            () => GainServer.Start(_plan, options, calls: null, cancellationToken), cancellationToken);

    /// <summary>Starts the server with a balancer of yours, without holding up the caller.</summary>
    /// <typeparam name="TBalancer">The balancer, a struct, which is called directly.</typeparam>
    /// <param name="options">As for <see cref="Start{TBalancer}(GainOptions, TBalancer)"/>.</param>
    /// <param name="balancer">The balancer to begin with; the acceptor has the one copy of it.</param>
    /// <param name="cancellationToken">As for the other overload.</param>
    /// <returns>As for the other overload.</returns>
    /// <exception cref="OperationCanceledException">As for the other overload.</exception>
    /// <exception cref="GainException">As for the other overload.</exception>
    public Task<GainServer> StartAsync<TBalancer>(
        GainOptions options, TBalancer balancer, CancellationToken cancellationToken = default)
        where TBalancer : struct, IBalancer => Task.Run(
            () => GainServer.Start(_plan, options, balancer, cancellationToken), cancellationToken);
#pragma warning restore RS0026, RS0027

    private GainServerBuilder<ProtocolPair<TProtocol, TOther>> Add<TOther>(
        TOther prototype, ServerAddress[] addresses)
        where TOther : struct, IProtocol<TOther> => new(
            _plan
                .As(ProtocolPair<TProtocol, TOther>.OfFirst)
                .With(ProtocolPair<TProtocol, TOther>.OfSecond(prototype), addresses));
}
