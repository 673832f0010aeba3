using Gain.CompilerServices;
using Gain.Workers;

namespace Gain;

/// <remarks>Connections that go out.</remarks>
public sealed partial class GainServer
{
    /// <summary>
    /// Dials a target on the worker with the fewest connections. In a callback
    /// <see cref="ConnectionDialling.Dial"/> does so on the same worker, without a task.
    /// </summary>
    /// <typeparam name="THandler">A protocol that was given to <c>GainServerBuilder.Dial</c>.</typeparam>
    /// <param name="handler">What serves the connection: a copy that is its own.</param>
    /// <param name="target">Where to.</param>
    /// <param name="cancellationToken">Gives the connection up, while it is not up.</param>
    /// <returns>The connection's handle, when it is up: <c>OnConnect</c> runs at the same time.</returns>
    /// <exception cref="GainException">
    /// It did not come up (in the task): <see cref="GainException.ConnectFailure"/> tells why; or the server
    /// has stopped, or is at a limit.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled (in the task).</exception>
    /// <exception cref="InvalidOperationException">
    /// The type was not given to <c>GainServerBuilder.Dial</c> (in the task).
    /// </exception>
    public Task<ConnectionHandle> DialAsync<THandler>(
        THandler handler, DialTarget target, CancellationToken cancellationToken = default)
        where THandler : struct, IProtocol<THandler> =>
        DialAsync(new DialRequest<THandler>(handler, isGiven: true, target.End), cancellationToken);

    internal Task<ConnectionHandle> DialPrototypeAsync<THandler>(
        DialTarget target, CancellationToken cancellationToken)
        where THandler : struct, IProtocol<THandler> =>
        DialAsync(new DialRequest<THandler>(default, isGiven: false, target.End), cancellationToken);

    private async Task<ConnectionHandle> DialAsync(DialRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _workers.Dial(_state.HandOvers.Loads.FindLeastLoaded(), request);
        using CancellationTokenRegistration registration =
            cancellationToken.UnsafeRegister(
                static (dial, token) => ((DialRequest)dial!).Cancel(token), request);
        return await request.Ended.ConfigureAwait(false);
    }
}
