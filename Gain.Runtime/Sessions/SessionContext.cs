using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Gain.Sessions;

namespace Gain;

/// <summary>
/// A session's connection: what it awaits, and what it writes to. It can be kept across an <c>await</c> and
/// handed to the methods that the session calls. It belongs to the session's worker, on which the session
/// always runs: on another thread its members throw.
/// </summary>
/// <remarks>
/// When the connection is over, the wait that is pending then has the result false. From then on its members
/// throw <see cref="SessionEndedException"/>, also when another connection has taken its place.
/// </remarks>
public readonly struct SessionContext
{
    private readonly SessionHost? _host;
    private readonly int _slot;
    private readonly uint _generation;

    internal SessionContext(SessionHost host, int slot, uint generation)
    {
        _host = host;
        _slot = slot;
        _generation = generation;
    }

    private SessionHost Host
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => SessionHost.Of(_host);
    }

    /// <summary>
    /// The connection, for whatever callbacks can do with it. It cannot be kept over an <c>await</c>: ask
    /// again.
    /// </summary>
    /// <exception cref="SessionEndedException">The connection is over.</exception>
    [AllocationFree]
    public Connection Connection
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Host.ConnectionOf(_slot, _generation);
    }

    /// <summary>A value that names the connection, and may be kept and used on any thread.</summary>
    /// <exception cref="SessionEndedException">The connection is over.</exception>
    [AllocationFree]
    public ConnectionHandle Handle => Connection.Handle;

    /// <summary>
    /// Whether the connection is over, so that the other members throw. A session that awaits something else
    /// than its connection asks this when it comes back.
    /// </summary>
    [AllocationFree]
    public bool IsEnded => !Host.IsAlive(_slot, _generation);

    /// <summary>
    /// What has come, until the next <c>await</c>: after <see cref="Read"/> all bytes that are not consumed,
    /// after <see cref="Frame"/> the frame. Empty at any other time.
    /// </summary>
    [AllocationFree]
    public ReadOnlySpan<byte> Data
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Host.DataOf(_slot, _generation);
    }

    /// <summary>
    /// Takes bytes off the beginning of <see cref="Data"/>. What is left at the next <see cref="Read"/> comes
    /// again, in front of what follows.
    /// </summary>
    /// <param name="count">How many: 0 to the length of <see cref="Data"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    [AllocationFree]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Consume(int count) => Host.Consume(_slot, _generation, count);

    /// <summary>Writes bytes, as <see cref="Gain.Connection.Send"/> does.</summary>
    /// <param name="data">The bytes; copied.</param>
    /// <exception cref="SessionEndedException">The connection is over.</exception>
    [AllocationFree]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Send(ReadOnlySpan<byte> data) => Connection.Send(data);

    /// <summary>Writes bytes, as <see cref="Gain.Connection.TrySend"/> does.</summary>
    /// <param name="data">The bytes; copied.</param>
    /// <returns>False when nothing was queued: await <see cref="Drained"/>, and try again.</returns>
    /// <exception cref="SessionEndedException">The connection is over.</exception>
    [AllocationFree]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TrySend(ReadOnlySpan<byte> data) => Connection.TrySend(data);

    /// <summary>
    /// Waits for bytes that were not there at the last <see cref="Read"/>. While a session does not wait for
    /// them, what the peer sends is left to TCP.
    /// </summary>
    /// <returns>
    /// True: <see cref="Data"/> has them, behind what was left. False: nothing more comes, as the peer has
    /// sent FIN, the server stops, or the connection is over; after a FIN or at a stop it can be written to,
    /// and <see cref="Data"/> has what was left.
    /// </returns>
    /// <exception cref="InvalidOperationException">The protocol has a framing, or the session waits already.
    /// </exception>
    /// <exception cref="SessionEndedException">The connection is over, or false was said before.</exception>
    [AllocationFree]
    public SessionWait Read() => new(_host, _slot, _generation, SessionWaitKind.Read);

    /// <summary>Waits for the next frame. One that was not looked at is gone with the next call.</summary>
    /// <returns>
    /// True: <see cref="Data"/> is the frame. False: as for <see cref="Read"/>.
    /// </returns>
    /// <exception cref="InvalidOperationException">The protocol has no framing, or the session waits already.
    /// </exception>
    /// <exception cref="SessionEndedException">The connection is over, or false was said before.</exception>
    [AllocationFree]
    public SessionWait Frame() => new(_host, _slot, _generation, SessionWaitKind.Frame);

    /// <summary>
    /// Waits until the bytes to be sent have fallen to the low watermark; not at all where they have not
    /// reached the high one.
    /// </summary>
    /// <returns>False when the connection is over.</returns>
    /// <exception cref="InvalidOperationException">The session waits already.</exception>
    /// <exception cref="SessionEndedException">The connection is over, and the session knows.</exception>
    [AllocationFree]
    public SessionWait Drained() => new(_host, _slot, _generation, SessionWaitKind.Drained);

    /// <summary>Waits for some time.</summary>
    /// <param name="time">How long, in whole milliseconds rounded up: 0 to 24 days. It never ends early, and
    /// with 0 in the worker's next turn. <see cref="Timeout.InfiniteTimeSpan"/> is until the server stops, or
    /// the connection is over.</param>
    /// <returns>True when the time has passed; false when the server stops, or the connection is over.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative or too long.</exception>
    /// <exception cref="InvalidOperationException">The session waits already.</exception>
    /// <exception cref="SessionEndedException">The connection is over, or false was said before.</exception>
    [AllocationFree]
    public SessionWait Delay(TimeSpan time) =>
        new(
            _host,
            _slot,
            _generation,
            SessionWaitKind.Delay,
            time == Timeout.InfiniteTimeSpan ? SessionWait.Forever : (int)Connection.ToTimerMs(time));

    /// <summary>
    /// Does work that computes or waits for long on another thread. The session is away meanwhile.
    /// </summary>
    /// <typeparam name="TResult">The type of the work's result.</typeparam>
    /// <param name="work">The work, on a thread of the thread pool: it may not use this context.</param>
    /// <returns>
    /// The result, or a refusal: <c>GainOptions.Limits.MaxOffloads</c> are done at once in the server,
    /// <c>MaxOffloadsWaiting</c> wait, and one more is refused, without waiting. What the work throws is
    /// thrown by the await.
    /// </returns>
    /// <remarks>Work that has been taken is done, whatever becomes of the connection.</remarks>
    /// <exception cref="SessionEndedException">The connection is over.</exception>
    [AllowAllocation("The work goes to another thread, and its result comes by a task.")]
    public Task<Offloaded<TResult>> Offload<TResult>(Func<TResult> work) =>
        Host.Offload(_slot, _generation, work);

    /// <summary>
    /// The connection as a stream, for libraries that take one; the same one whenever it is asked for. From
    /// then on it is read by the stream alone.
    /// </summary>
    /// <returns>
    /// A stream whose members any thread may call. What awaits it on the worker goes on there, what awaits it
    /// elsewhere on the thread pool. A read of no bytes waits until there are some, or the end; a write waits
    /// while the connection is congested. Disposing of it closes the connection behind what was written.
    /// </returns>
    /// <remarks>
    /// At the peer's FIN, and at a stop when all that had arrived is read, a read returns 0. When the
    /// connection is over otherwise, or the session has returned, reads and writes throw an
    /// <see cref="IOException"/>, which a session may let pass as it may <see cref="SessionEndedException"/>.
    /// A cancelled read leaves what comes to the next one; of a cancelled write a part may be sent.
    /// <c>Read</c> throws on the worker, which cannot wait, and <c>Write</c> where the connection's queue is
    /// full.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The protocol has a framing, or the session awaits
    /// <see cref="Read"/>.</exception>
    /// <exception cref="SessionEndedException">The connection is over.</exception>
    [AllowAllocation("Once for each connection.")]
    public Stream AsStream() => Host.StreamOf(_slot, _generation);

    /// <summary>As <see cref="AsStream"/>, for libraries that take a pair of pipes.</summary>
    /// <returns>Pipes over that stream, new ones at each call. Completing them leaves the connection
    /// open.</returns>
    /// <exception cref="InvalidOperationException">As for <see cref="AsStream"/>.</exception>
    /// <exception cref="SessionEndedException">The connection is over.</exception>
    [AllowAllocation("Once for each connection.")]
    public IDuplexPipe AsDuplexPipe() => new SessionPipe(AsStream());

    /// <summary>
    /// The connection's own copy of its handler, where it lies: services that were set on the instance which
    /// the server was started with, and state that the session shares with callbacks such as
    /// <c>OnMessage</c> and <c>OnClose</c>.
    /// </summary>
    /// <typeparam name="THandler">The type of the handler, which the session is of.</typeparam>
    /// <exception cref="InvalidOperationException">The handler is of another type.</exception>
    /// <exception cref="SessionEndedException">The connection is over.</exception>
    [AllocationFree]
    public ref THandler Handler<THandler>()
        where THandler : struct => ref Host.HandlerOf<THandler>(_slot, _generation);

    internal SessionWait AwaitMessage<TMessage>()
    {
        Host.RequireInbox<TMessage>(_slot, _generation);
        return new SessionWait(_host, _slot, _generation, SessionWaitKind.Message);
    }

    internal TMessage TakeMessage<TMessage>() => _host!.TakeMessage<TMessage>(_slot);

    internal ConnectFailure BeginDial<THandler>(
        in THandler handler, bool isGiven, DialTarget target, out SessionDial? dial)
        where THandler : struct =>
        Host.BeginDial(_slot, _generation, in handler, isGiven, target, out dial);

    internal async Part<Connected> EndDial(SessionDial dial)
    {
        // The dial knows more than the result says.
        _ = await new SessionWait(_host, _slot, _generation, SessionWaitKind.Connect);
        return _host!.TakeDial(dial);
    }
}
