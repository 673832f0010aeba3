using System.Net;
using System.Runtime.CompilerServices;
using Gain.Connections;
using Gain.Net;

namespace Gain;

/// <summary>
/// A connection, as a callback sees it. It cannot be stored, captured or carried over an <c>await</c>: keep
/// <see cref="Handle"/> for that.
/// </summary>
/// <remarks>
/// Every member belongs to the worker's thread, that is, to the callback that was given the connection.
/// What a callback writes goes out at the end of the worker's turn, gathered into one send.
/// </remarks>
public readonly ref struct Connection
{
    private readonly ConnectionTable _table;
    private readonly ref Slot _slot;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Connection(ConnectionTable table, ref Slot slot)
    {
        _table = table;
        _slot = ref slot;
    }

    /// <summary>A value that names this connection, and may be kept and used on any thread.</summary>
    public ConnectionHandle Handle => new(_table.Mailbox, _table.IndexOf(ref _slot), _slot.Generation);

    /// <summary>
    /// The index of the worker that owns the connection: 0 to <c>GainOptions.Workers</c> - 1.
    /// </summary>
    /// <remarks>
    /// One worker's callbacks never run at the same time, so an array with an element per worker is state
    /// that its connections share without a lock.
    /// </remarks>
    public int WorkerIndex => _table.WorkerIndex;

    /// <summary>
    /// The monotonic clock (CLOCK_MONOTONIC) in milliseconds, read at most once per turn
    /// of the worker's loop: cheap enough to ask for with every message.
    /// </summary>
    public long NowMs => _table.NowMs;

    /// <summary>The bytes written to the connection that the kernel has not taken yet.</summary>
    public int OutboundBytes => _slot.Outbound.Bytes;

    /// <summary>
    /// Whether what is written now can still be sent: false once the connection is closing.
    /// </summary>
    public bool IsWritable => (_slot.Flags & SlotFlags.Unwritable) == 0;

    /// <summary>The exception that closed the connection. Set during <c>OnClose</c> only.</summary>
    public Exception? Fault => _table.Fault;

    /// <summary>
    /// The socket's descriptor. It stays Gain's: do not close it or change its blocking mode.
    /// </summary>
    public int Descriptor => _slot.Fd;

    /// <summary>
    /// The peer's address, an IPv4-mapped one as IPv4; null when the peer has reset the connection. Asks the
    /// kernel and allocates.
    /// </summary>
    public IPEndPoint? RemoteEndPoint => SocketOptions.GetPeerEndPoint(_slot.Fd);

    /// <summary>The local address, an IPv4-mapped one as IPv4. Asks the kernel and allocates.</summary>
    public IPEndPoint? LocalEndPoint => SocketOptions.GetLocalEndPoint(_slot.Fd);

    internal ReadOnlySpan<byte> Inbound => _slot.Inbound.Span;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool CountFrame()
    {
        _table.Frames++;
        return (_slot.Flags & SlotFlags.Undeliverable) == 0;
    }

    /// <summary>
    /// Writes bytes: copies them, so that the span need not outlive the call. They go out, in order, at the
    /// end of the worker's turn.
    /// </summary>
    /// <param name="data">The bytes; any number, none included.</param>
    /// <remarks>
    /// At <c>GainOptions.OutboundHighWatermarkBytes</c> the connection stops reading until they have fallen
    /// to the low watermark. A write that would exceed <c>GainOptions.MaxOutboundBytes</c> is not queued
    /// and closes the connection with <see cref="CloseReason.OutboundLimit"/>; use <see cref="TrySend"/> to
    /// be told instead. What is written to a closing connection is dropped.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Send(ReadOnlySpan<byte> data) => _table.Write(ref _slot, data);

    /// <summary>As <see cref="Send"/>, but says whether the bytes were queued.</summary>
    /// <param name="data">The bytes; any number, none included.</param>
    /// <returns>
    /// False when nothing was queued: the connection is closing, or the bytes would exceed
    /// <c>GainOptions.MaxOutboundBytes</c>. Wait for <c>OnDrained</c> then.
    /// </returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TrySend(ReadOnlySpan<byte> data) => _table.TryWrite(ref _slot, data);

    /// <summary>
    /// Closes the connection when everything written to it has been sent; <c>OnClose</c> follows with
    /// <see cref="CloseReason.Local"/>. What the peer sends from now on is dropped.
    /// </summary>
    public void Close() => _table.Close(ref _slot, CloseReason.Local);

    /// <summary>
    /// Closes the connection at once, with a reset: what was written and not sent is dropped.
    /// <c>OnClose</c> follows with <see cref="CloseReason.Aborted"/>.
    /// </summary>
    public void Abort() => _table.Abort(ref _slot, CloseReason.Aborted);

    /// <summary>
    /// Sets the connection's one timer, which <c>OnTimer</c> is called at, once. A timer that was set before
    /// is replaced.
    /// </summary>
    /// <param name="ahead">
    /// How long from <see cref="NowMs"/>, in whole milliseconds rounded up: 0 to 24 days. With 0, in the
    /// worker's next turn, within a millisecond. It never fires earlier; later by what the worker's turns
    /// last.
    /// </param>
    /// <remarks>
    /// Costs no memory and some 20 ns. It is gone with the connection, and has no effect on one that is
    /// closing.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The protocol declares no <c>OnTimer</c>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative or too long.</exception>
    public void SetTimer(TimeSpan ahead)
    {
        long milliseconds = (ahead.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
        if (ahead < TimeSpan.Zero || milliseconds > TimerWheel.MaxAheadMs)
        {
            throw new ArgumentOutOfRangeException(
                nameof(ahead), ahead, "A timer is set to 0 to 24 days ahead; CancelTimer ends it.");
        }

        _table.SetUserTimer(ref _slot, milliseconds);
    }

    /// <summary>Cancels the connection's timer; without effect when none is set.</summary>
    public void CancelTimer() => _table.CancelTimer(_table.IndexOf(ref _slot), SlotTimer.User);

    /// <summary>Whether the connection's timer is set and <c>OnTimer</c> has not been called.</summary>
    public bool HasTimer => _table.HasTimer(_table.IndexOf(ref _slot), SlotTimer.User);

    internal ReadOnlySpan<byte> JoinInbound(ReadOnlySpan<byte> data)
    {
        _slot.Inbound.Append(_table.Carries, data);
        return _slot.Inbound.Span;
    }

    internal void DropInbound() => _slot.Inbound.Clear(_table.Carries);

    internal int Reject(ProtocolError error)
    {
        _table.Reject(ref _slot, error);
        return -1;
    }
}
