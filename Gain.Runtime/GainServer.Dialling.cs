using Gain.CompilerServices;
using Gain.Workers;

namespace Gain;

/// <remarks>Connections that go out.</remarks>
public sealed partial class GainServer
{
    // Which worker is next for a socket for datagrams.
    private int _datagramDials = -1;

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

    /// <summary>
    /// Opens a socket of its own for datagrams that is connected to a target, on each worker in turn. In a
    /// callback <see cref="DatagramDialling"/> does so on the same worker, without a task.
    /// </summary>
    /// <typeparam name="THandler">
    /// A protocol with <c>OnDatagram</c> that was given to <c>GainServerBuilder.Dial</c>.
    /// </typeparam>
    /// <param name="handler">What serves the socket: a copy that is its own.</param>
    /// <param name="target">
    /// Where to. Of a name the first address is taken that can be connected to, which says nothing of whether
    /// anybody listens there.
    /// </param>
    /// <param name="cancellationToken">Gives it up, while it is not open.</param>
    /// <returns>The socket's handle, when it is open.</returns>
    /// <exception cref="GainException">
    /// It could not be opened (in the task): <see cref="GainException.ConnectFailure"/> tells why, and
    /// <c>OnDatagramClosed</c> is not called; or the server has stopped, or every worker is at
    /// <c>GainOptions.Datagrams.MaxDialledPerWorker</c>.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled (in the task).</exception>
    /// <exception cref="InvalidOperationException">
    /// The type was not given to <c>GainServerBuilder.Dial</c>, or has no <c>OnDatagram</c>, or the target is
    /// not for datagrams (in the task).
    /// </exception>
    public Task<DatagramHandle> DialDatagramAsync<THandler>(
        THandler handler, DialTarget target, CancellationToken cancellationToken = default)
        where THandler : struct, IProtocol<THandler> =>
        OpenDatagramAsync(handler, isGiven: true, target, cancellationToken);

    internal async Task<DatagramHandle> OpenDatagramAsync<THandler>(
        THandler handler, bool isGiven, DialTarget target, CancellationToken cancellationToken)
        where THandler : struct, IProtocol<THandler>
    {
        cancellationToken.ThrowIfCancellationRequested();
        int first = (int)((uint)Interlocked.Increment(ref _datagramDials) % (uint)WorkerCount);
        var request = new DatagramRequest<THandler>(
            handler, isGiven, target.End, _workers, WorkerCount, first);
        request.Post();
        using CancellationTokenRegistration registration =
            cancellationToken.UnsafeRegister(
                static (dial, token) => ((DatagramRequest)dial!).Cancel(token), request);
        return await request.Ended.ConfigureAwait(false);
    }

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
