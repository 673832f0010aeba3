using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Runtime.CompilerServices;
using Gain.Layers;
using Gain.Mail;
using Gain.Slots;
using Gain.Sockets;
using Gain.Writing;

namespace Gain;

/// <summary>
/// A connection, as a callback sees it. It cannot be stored, captured or carried over an <c>await</c>: keep
/// <see cref="Handle"/> for that.
/// </summary>
/// <remarks>
/// Every member belongs to the worker's thread, that is, to the callback that was given the connection.
/// What a callback writes goes out at the end of the worker's turn, gathered into one send.
/// </remarks>
public readonly ref partial struct Connection
{
    private readonly ConnectionWriter _writer;
    private readonly ref Slot _slot;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Connection(ConnectionWriter writer, ref Slot slot)
    {
        _writer = writer;
        _slot = ref slot;
    }

    // Asked first of a default value; one with a writer has a slot.
    private ConnectionWriter Writer
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (_writer is null)
            {
                ThrowDefault();
            }

            return _writer;
        }
    }

    private SlotTable Table => Writer.Table;

    private ref Slot Living
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (Unsafe.IsNullRef(ref _slot))
            {
                ThrowDefault();
            }

            return ref _slot;
        }
    }

    [DoesNotReturn]
    private static void ThrowDefault() => throw new InvalidOperationException(
        "This Connection is the default value, and no connection: use the one that the callback was given, "
        + "or keep its Handle.");

    /// <summary>A value that names this connection, and may be kept and used on any thread.</summary>
    [AllocationFree]
    public ConnectionHandle Handle =>
        new(Table.Mailbox, Table.IndexOf(ref _slot), _slot.Address, _slot.Generation);

    /// <summary>
    /// The index of the worker that owns the connection: 0 to <c>GainOptions.WorkerCount</c> - 1.
    /// </summary>
    /// <remarks>
    /// One worker's callbacks never run at the same time, so what they share needs no lock; see
    /// <see cref="PerWorkerAttribute"/>.
    /// </remarks>
    [AllocationFree]
    public int WorkerIndex => Table.WorkerIndex;

    /// <summary>
    /// The index of the server's address that the connection came in by: 0 for the first, in the order in
    /// which they were given. A name that stands for several IP addresses counts as one. At an address that
    /// was added later it is that of the address which it is served like.
    /// </summary>
    [AllocationFree]
    public int ListenerIndex => Living.Address;

    /// <summary>
    /// The tag that the address which the connection came in by was given by
    /// <c>GainServer.AddListener</c>: it tells addresses apart that were added while the server runs.
    /// 0 at an address of the start, where the prototype and <see cref="ListenerIndex"/> tell, and for
    /// connections that go out.
    /// </summary>
    [AllocationFree]
    public byte ListenerTag => Table.TagOf(ref Living);

    /// <summary>
    /// The monotonic clock (CLOCK_MONOTONIC) in milliseconds, read at most once per turn
    /// of the worker's loop: cheap enough to ask for with every message.
    /// </summary>
    [AllocationFree]
    public long NowMs => Table.NowMs;

    /// <summary>The bytes written to the connection that the kernel has not taken yet.</summary>
    [AllocationFree]
    public int OutboundBytes => Living.Outbound.Bytes;

    /// <summary>
    /// Whether the connection is ending, by a close of either side, a fault or a stop, or its own side has
    /// ended by <see cref="ShutdownWrite"/>: what is written now is no longer sent.
    /// </summary>
    [AllocationFree]
    public bool IsClosing => !Living.IsWritable;

    /// <summary>
    /// Whether the peer takes less than is written. It is true from the moment that the outbound bytes reach
    /// the high watermark until they have fallen to the low one, which <c>OnDrained</c> reports. A proxy
    /// should not read from the other side meanwhile. Writes are still taken, up to
    /// <c>GainOptions.Limits.MaxOutboundBytes</c>.
    /// </summary>
    /// <remarks>
    /// A <see cref="SlowReaderPolicy"/> that goes on reading has no watermark: the value is then true from a
    /// write that was refused until <c>OnDrained</c>.
    /// </remarks>
    [AllocationFree]
    public bool IsCongested => (Living.IsCongested && !Living.AwaitsInput) || Living.IsOverflowed;

    /// <summary>The exception that closed the connection. Set during <c>OnClose</c> only.</summary>
    [AllocationFree]
    public Exception? Fault => Table.Fault;

    /// <summary>
    /// The socket's descriptor. It stays Gain's: do not close it or change its blocking mode.
    /// </summary>
    [AllocationFree]
    public int Descriptor => Living.Fd;

    /// <summary>The socket's options: to read, and to set for this connection alone.</summary>
    [AllocationFree]
    public ConnectionSocket Socket => new(Living.Fd);

    /// <summary>
    /// The client's address: the peer's, or behind a load balancer (<see cref="ProxyProtocolOptions"/>) the
    /// one that the balancer has told. <see cref="GainAddress.Unix"/> for a Unix socket, the default value
    /// when the peer has reset the connection. Asks the kernel (getpeername(2)), so keep it in a field if it
    /// is needed often; allocates nothing.
    /// </summary>
    [AllocationFree]
    public GainAddress RemoteAddress => Told.Kind == GainAddressKind.None ? PeerAddress : Told;

    /// <summary>
    /// The address of whoever holds the socket's other end: the load balancer's where there is one, otherwise
    /// as <see cref="RemoteAddress"/>.
    /// </summary>
    [AllocationFree]
    public GainAddress PeerAddress =>
        SocketOptions.TryGetPeer(Living.Fd, out GainAddress peer) ? peer : default;

    /// <summary>
    /// The local address: <see cref="GainAddress.Unix"/> for a Unix socket. Asks the kernel (getsockname(2));
    /// allocates nothing.
    /// </summary>
    [AllocationFree]
    public GainAddress LocalAddress =>
        SocketOptions.TryGetLocal(Living.Fd, out GainAddress local) ? local : default;

    /// <summary>
    /// The client's address as <see cref="RemoteAddress"/>, an IPv4-mapped one as IPv4; null when the peer
    /// has reset the connection, and for a Unix socket, whose peer has no such address. Asks the kernel and
    /// allocates.
    /// </summary>
    public IPEndPoint? RemoteEndPoint => Told.Kind switch
    {
        GainAddressKind.None => SocketOptions.GetPeerEndPoint(Living.Fd),
        GainAddressKind.Unix => null,
        _ => Told.ToIPEndPoint(),
    };

    /// <summary>
    /// The local address, an IPv4-mapped one as IPv4; null for a Unix socket. Asks the kernel and allocates.
    /// </summary>
    public IPEndPoint? LocalEndPoint => SocketOptions.GetLocalEndPoint(Living.Fd);

    /// <summary>
    /// Which process connected to a Unix socket, and on whose behalf; null for a socket of another kind. Asks
    /// the kernel (SO_PEERCRED in unix(7)) and allocates nothing.
    /// </summary>
    [AllocationFree]
    public PeerCredentials? PeerCredentials =>
        SocketOptions.TryGetPeerCredentials(Living.Fd, out Kernel.ucred peer)
            ? new PeerCredentials { ProcessId = peer.pid, UserId = peer.uid, GroupId = peer.gid }
            : null;

    /// <summary>What a layer, such as TLS, keeps for the connection; null without a layer. It is for packages
    /// that bring layers. After <c>OnClose</c> it belongs to another connection.</summary>
    [AllocationFree]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public LayerSession? Layer =>
        Living.IsLayered ? Writer.Layered![Table.IndexOf(ref _slot)] : null;

    /// <summary>Puts the layer under the connection that its address has on request. For packages that bring
    /// layers.</summary>
    [AllocationFree]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void StartLayer()
    {
        _ = Living;
        Writer.StartLayer(ref _slot);
    }

    internal PerWorkerValue[] PerWorker => Table.PerWorker;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enter(bool hasUserTimers) => Table.Enter(_slot.Address, hasUserTimers);

    internal int SlotIndex
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Table.IndexOf(ref _slot);
    }

    internal ReadOnlySpan<byte> Inbound => Living.Inbound.Span;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool CountFrame()
    {
        Table.Frames++;
        return Living.IsDeliverable && Writer.OpenFrame == Slot.None;
    }

    /// <summary>
    /// Writes bytes: copies them, so that the span need not outlive the call. They go out, in order, at the
    /// end of the worker's turn.
    /// </summary>
    /// <param name="data">The bytes; any number, none included.</param>
    /// <remarks>
    /// At <c>GainOptions.Limits.OutboundHighWatermarkBytes</c> the connection stops reading until they have
    /// fallen to the low watermark. A write that would exceed <c>GainOptions.Limits.MaxOutboundBytes</c> is
    /// not queued and closes the connection with <see cref="CloseReason.OutboundLimit"/>; use <see
    /// cref="TrySend"/> to be told instead. What is written to a closing connection is dropped.
    /// </remarks>
    [AllocationFree]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Send(ReadOnlySpan<byte> data) => Writer.Write(ref _slot, data);

    /// <summary>Like <see cref="Send"/>, but says whether the bytes were queued.</summary>
    /// <param name="data">The bytes; any number, none included.</param>
    /// <returns>
    /// False when nothing was queued: the connection is closing, or the bytes would exceed
    /// <c>GainOptions.Limits.MaxOutboundBytes</c> or <c>GainOptions.Limits.MaxBufferedBytes</c>. Wait for
    /// <c>OnDrained</c> then; where <see cref="OutboundBytes"/> is 0 the server's memory is used up by
    /// others, and a timer is the way to try again.
    /// </returns>
    [AllocationFree]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TrySend(ReadOnlySpan<byte> data) => Writer.TryWrite(ref _slot, data);

    /// <summary>
    /// Memory to write to directly, as <c>IBufferWriter&lt;byte&gt;.GetSpan</c> gives it. What
    /// <see cref="Advance"/> is then told is written to the connection, without a copy.
    /// </summary>
    /// <param name="sizeHint">
    /// The least bytes wanted: 0 to 1,073,741,824; 0 for any number that is worth writing to, at least 256.
    /// Above 16,384 the memory is a block of its own: ask for what is needed, not for what might be.
    /// </param>
    /// <returns>
    /// At least this many bytes. They are not cleared: they hold what was last sent from there. The callback
    /// may write to them until it returns, or until it writes to the connection in any other way; asking
    /// again gives the same bytes again. None of them is sent without <see cref="Advance"/>, also when the
    /// callback throws.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The hint is negative or too large.</exception>
    [AllocationFree]
    public Span<byte> GetSpan(int sizeHint = 0) => Writer.GetSpan(ref _slot, sizeHint);

    /// <summary>
    /// Writes the next bytes of the memory that <see cref="GetSpan"/> gave: as <see cref="Send"/>, limit and
    /// closing included, but without a copy.
    /// </summary>
    /// <param name="count">
    /// The bytes, from the beginning of the memory or from where the last call ended; 0 is allowed. All of
    /// them must have been written to: what lay there before may be another connection's.
    /// </param>
    /// <exception cref="InvalidOperationException">
    /// This callback did not ask for that much memory, or something else has been written to the connection
    /// since.
    /// </exception>
    [AllocationFree]
    public void Advance(int count) => Writer.Advance(ref _slot, count);

    /// <summary>Like <see cref="Advance"/>, but says whether the bytes were queued.</summary>
    /// <param name="count">As for <see cref="Advance"/>.</param>
    /// <returns>As <see cref="TrySend"/>.</returns>
    /// <exception cref="InvalidOperationException">As for <see cref="Advance"/>.</exception>
    [AllocationFree]
    public bool TryAdvance(int count) => Writer.TryAdvance(ref _slot, count);

    /// <summary>
    /// Like <see cref="Send"/>, for bytes that stay in memory forever: they are sent from where they lie. A
    /// short write is copied all the same, because that costs less: fewer than 1,024 bytes, or fewer than
    /// 8,192 behind others in the queue.
    /// </summary>
    /// <param name="data">
    /// A UTF-8 literal (<c>"…"u8</c>) or a constant <c>ReadOnlySpan&lt;byte&gt;</c> of an assembly that is
    /// never unloaded, or native memory that is never freed; and nobody changes it. Never an array or a
    /// part of one: the garbage collector moves and frees arrays, and the peer would get what is there then.
    /// </param>
    [AllocationFree]
    public void SendStatic(ReadOnlySpan<byte> data) => Writer.WriteStatic(ref _slot, data);

    /// <summary>Like <see cref="SendStatic"/>, but says whether the bytes were queued.</summary>
    /// <param name="data">As for <see cref="SendStatic"/>.</param>
    /// <returns>As <see cref="TrySend"/>.</returns>
    [AllocationFree]
    public bool TrySendStatic(ReadOnlySpan<byte> data) => Writer.TryWriteStatic(ref _slot, data);

    /// <summary>
    /// Closes the connection when everything written to it has been sent; <c>OnClose</c> follows with
    /// <see cref="CloseReason.Local"/>. What the peer sends from now on is dropped.
    /// </summary>
    [AllocationFree]
    public void Close() => Table.Close(ref _slot, CloseReason.Local);

    /// <summary>
    /// Closes the connection at once, with a reset: what was written and not sent is dropped.
    /// <c>OnClose</c> follows with <see cref="CloseReason.Aborted"/>.
    /// </summary>
    /// <remarks>
    /// Unix sockets have no reset: the peer already has what was sent, and reads it and then the end. It gets
    /// ECONNRESET only when it had sent something that was not read.
    /// </remarks>
    [AllocationFree]
    public void Abort() => Table.Abort(ref _slot, CloseReason.Aborted);

    /// <summary>
    /// Says that an answer is due, which comes later: by another thread, a timer or a message. Until it is
    /// sent or released, the peer's FIN, <see cref="Close"/> and a stop of the server wait for it.
    /// </summary>
    /// <returns>The answer, to be kept where it is made: <see
    /// cref="ConnectionHold.TryAnswer(ReadOnlySpan{byte})"/>.</returns>
    /// <remarks>
    /// Costs no memory. Several may be due at once. A reset, <see cref="Abort"/>, a limit and the deadline
    /// of a stop end the connection all the same.
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// <c>GainOptions.Limits.MaxHoldsPerWorker</c> answers are due already: <see cref="TryHold"/> tells
    /// instead.
    /// </exception>
    [AllocationFree]
    public ConnectionHold Hold() => TryHold(out ConnectionHold hold)
        ? hold
        : throw new InvalidOperationException(
            $"{Table.Holds.Count:N0} answers are due on worker {Table.WorkerIndex}, as many as "
            + "GainOptions.Limits.MaxHoldsPerWorker allows: raise it, or use TryHold and tell the peer to "
            + "come again.");

    /// <summary>Like <see cref="Hold"/>, but returns false when as many answers are due as the limit
    /// allows.</summary>
    /// <param name="hold">The answer.</param>
    /// <returns>Whether the connection is held.</returns>
    [AllocationFree]
    public bool TryHold(out ConnectionHold hold)
    {
        bool isHeld = Table.TryHold(ref _slot, out int place, out uint ticket);
        hold = isHeld ? new ConnectionHold(Table.Holds, place, ticket, Handle) : default;
        return isHeld;
    }

    /// <summary>
    /// Stops reading until <see cref="ResumeReading"/> is called here or on the handle. It is for a handler
    /// that can take no more work for now. TCP's window then holds the peer back. What was on its way is kept
    /// and not delivered; that includes the other messages of the current receive.
    /// </summary>
    /// <remarks>
    /// Timers fire, messages come and writes go out meanwhile. <c>GainOptions.Timeouts.Idle</c> does not run.
    /// <c>OnReadClosed</c> waits, too, and so does the end for which it stands. A stop of the server waits
    /// for the connection to resume, within its time. Calls are not counted: one resumes all.
    /// </remarks>
    [AllocationFree]
    public void PauseReading() => Table.PauseReading(ref _slot);

    /// <summary>
    /// Reads on after <see cref="PauseReading"/>: what was kept is delivered at the end of the worker's turn.
    /// Without effect when reading is not paused.
    /// </summary>
    [AllocationFree]
    public void ResumeReading() => Table.ResumeReading(ref _slot);

    /// <summary>Whether the handler has paused reading.</summary>
    [AllocationFree]
    public bool IsReadingPaused => Living.IsPausedByHandler;

    /// <summary>
    /// Sets the connection's one timer: <c>OnTimer</c> is called once, when it fires. A timer that was set
    /// before is replaced.
    /// </summary>
    /// <param name="ahead">
    /// How long from <see cref="NowMs"/>, in whole milliseconds rounded up: 0 to 24 days. With 0 it fires in
    /// the worker's next turn, within a millisecond. It never fires early; it can be late by as long as the
    /// worker's turns last.
    /// </param>
    /// <remarks>
    /// Costs no memory and some 20 ns. The timer is gone with the connection. It has no effect on a
    /// connection that is closing.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The protocol declares no <c>OnTimer</c>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative or too long.</exception>
    [AllocationFree]
    public void SetTimer(TimeSpan ahead) => Table.SetUserTimer(ref _slot, ToTimerMs(ahead));

    /// <summary>How many milliseconds a timer runs.</summary>
    internal static long ToTimerMs(TimeSpan ahead)
    {
        // Compared before anything is added to it, which could overflow.
        if (ahead < TimeSpan.Zero || ahead.Ticks > TimerWheel.MaxAheadMs * TimeSpan.TicksPerMillisecond)
        {
            throw new ArgumentOutOfRangeException(
                nameof(ahead), ahead, "A timer or a delay is 0 to 24 days ahead; CancelTimer ends a timer.");
        }

        return (ahead.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
    }

    /// <summary>Cancels the connection's timer; without effect when none is set.</summary>
    [AllocationFree]
    public void CancelTimer() => Table.CancelTimer(Table.IndexOf(ref _slot), SlotTimer.User);

    /// <summary>Whether the connection's timer is set and <c>OnTimer</c> has not been called.</summary>
    [AllocationFree]
    public bool HasTimer => Table.HasTimer(Table.IndexOf(ref _slot), SlotTimer.User);

    internal ReadOnlySpan<byte> JoinInbound(ReadOnlySpan<byte> data)
    {
        Living.Inbound.Append(Table.Carries, data);
        return Living.Inbound.Span;
    }

    internal void DropInbound() => Living.Inbound.Clear(Table.Carries);

    internal bool Reserve(int bytes) => Writer.Reserve(ref _slot, bytes);

    internal void BeginFrame(int header, ReadOnlySpan<byte> first) =>
        Writer.BeginFrame(ref _slot, header, first);

    internal Span<byte> FrameHeader => Writer.FrameHeader(ref _slot);

    internal Span<byte> ShortenFrameHeader(int header) => Writer.ShortenFrameHeader(ref _slot, header);

    internal bool TryEndFrame(out int length) => Writer.TryEndFrame(ref _slot, out length);

    internal bool FrameHolds(ReadOnlySpan<byte> delimiter) => Writer.FrameHolds(ref _slot, delimiter);

    internal void EndFrame() => Writer.EndFrame(ref _slot);

    internal void CancelFrame() => Writer.CancelFrame(ref _slot);

    internal int Reject(ProtocolError error)
    {
        Table.Reject(ref _slot, error);
        return -1;
    }
}
