using Gain.CompilerServices;
using Gain.Workers;

namespace Gain;

/// <summary>
/// The workers of a program that dials, and listens on nothing: everything else is as with
/// <see cref="GainServer"/>. All members may be used from any thread.
/// </summary>
/// <typeparam name="TProtocol">The protocol of its connections.</typeparam>
public sealed class GainClient<TProtocol> : IAsyncDisposable
    where TProtocol : struct, IProtocol<TProtocol>
{
    internal GainClient(GainServer server) => Server = server;

    /// <summary>The workers, as a server without an address: what it counts, and how it stops.</summary>
    public GainServer Server { get; }

    /// <summary>Dials a target with a copy of the prototype.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="cancellationToken">Gives the connection up, while it is not up.</param>
    /// <returns>As for <see cref="GainServer.DialAsync"/>.</returns>
    /// <exception cref="GainException">As for <see cref="GainServer.DialAsync"/>.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled (in the task).</exception>
    public Task<ConnectionHandle> DialAsync(DialTarget target, CancellationToken cancellationToken) =>
        Server.DialPrototypeAsync<TProtocol>(target, cancellationToken);

    /// <inheritdoc cref="DialAsync(DialTarget, CancellationToken)"/>
    public Task<ConnectionHandle> DialAsync(DialTarget target) => DialAsync(target, CancellationToken.None);

    /// <summary>Dials a target with a handler of the connection's own.</summary>
    /// <param name="handler">What serves it.</param>
    /// <param name="target">Where to.</param>
    /// <param name="cancellationToken">Gives the connection up, while it is not up.</param>
    /// <returns>As for <see cref="GainServer.DialAsync"/>.</returns>
    /// <exception cref="GainException">As for <see cref="GainServer.DialAsync"/>.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled (in the task).</exception>
    public Task<ConnectionHandle> DialAsync(
        TProtocol handler, DialTarget target, CancellationToken cancellationToken) =>
        Server.DialAsync(handler, target, cancellationToken);

    /// <inheritdoc cref="DialAsync(TProtocol, DialTarget, CancellationToken)"/>
    public Task<ConnectionHandle> DialAsync(TProtocol handler, DialTarget target) =>
        DialAsync(handler, target, CancellationToken.None);

    /// <summary>Opens a socket for datagrams, connected to a target, with a copy of the prototype.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="cancellationToken">Gives it up, while it is not open.</param>
    /// <returns>As for <see cref="GainServer.DialDatagramAsync"/>.</returns>
    /// <exception cref="GainException">As for <see cref="GainServer.DialDatagramAsync"/>.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled (in the task).</exception>
    public Task<DatagramHandle> DialDatagramAsync(DialTarget target, CancellationToken cancellationToken) =>
        Server.OpenDatagramAsync<TProtocol>(default, isGiven: false, target, cancellationToken);

    /// <inheritdoc cref="DialDatagramAsync(DialTarget, CancellationToken)"/>
    public Task<DatagramHandle> DialDatagramAsync(DialTarget target) =>
        DialDatagramAsync(target, CancellationToken.None);

    /// <summary>The same with a handler of the socket's own.</summary>
    /// <param name="handler">What serves it.</param>
    /// <param name="target">Where to.</param>
    /// <param name="cancellationToken">Gives it up, while it is not open.</param>
    /// <returns>As for <see cref="GainServer.DialDatagramAsync"/>.</returns>
    /// <exception cref="GainException">As for <see cref="GainServer.DialDatagramAsync"/>.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled (in the task).</exception>
    public Task<DatagramHandle> DialDatagramAsync(
        TProtocol handler, DialTarget target, CancellationToken cancellationToken) =>
        Server.DialDatagramAsync(handler, target, cancellationToken);

    /// <inheritdoc cref="DialDatagramAsync(TProtocol, DialTarget, CancellationToken)"/>
    public Task<DatagramHandle> DialDatagramAsync(TProtocol handler, DialTarget target) =>
        DialDatagramAsync(handler, target, CancellationToken.None);

    /// <summary>Closes the connections as a server's stop does, and ends the workers.</summary>
    /// <returns>A task that ends when everything is closed.</returns>
    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
