using System.Runtime.CompilerServices;
using Gain.CompilerServices;
using Gain.Layers;
using Gain.Mail;
using Gain.Memory;
using Gain.Rings;
using Gain.Slots;

namespace Gain.Workers;

/// <remarks>
/// What lies between sockets and protocols. Received bytes go through it before they are delivered, and what
/// was written does before it is sent; a connection without a layer costs a test of a bit at either place.
/// <para>
/// The plaintext of a layered connection is in its slot's queue, so that everything that writes is the same;
/// what is sent lies in the layer's. The slot's queue counts the bytes of both, as limits and watermarks do.
/// </para>
/// </remarks>
internal sealed unsafe partial class Layers<TProtocol, TRing>
    where TProtocol : struct, IProtocol<TProtocol>
    where TRing : struct, IRing
{
    private readonly Worker<TProtocol, TRing> _worker;
    private readonly SlotTable _table;
    private readonly Mailbox _mailbox;
    private readonly LayerTable? _layers;

    // By the server's addresses, and then by its dials, which begin here.
    private readonly int _firstDial;
    private readonly ConnectionLayer?[] _kinds = [];
    private readonly WorkerLayer?[] _opened = [];

    internal Layers(Worker<TProtocol, TRing> worker)
    {
        _worker = worker;
        _table = worker.Table;
        _mailbox = worker.Mailbox;
        DialSettings dials = worker.Settings.Dials;
        _firstDial = dials.Items.Length == 0 ? int.MaxValue : dials.First;
        if (worker.Settings.Layers.All(layer => layer is null) && !worker.Proxies.Exist)
        {
            return;
        }

        _layers = new LayerTable(
            _table.Capacity,
            _table.Segments,
            [.. worker.Settings.Layers.Select(layer => layer?.StartsOnRequest == true)]);
        _kinds = [.. worker.Settings.Layers];
        _opened = Array.ConvertAll(_kinds, layer => layer?.Open(Resume, worker.Server.Logger));
        worker.Writer.Layered = _layers;
    }

    /// <summary>How many connections that came in are in their set-up.</summary>
    internal int Starting => _starting;

    /// <summary>Whether the connections of an address, or of a dial, may have a layer.</summary>
    internal bool Has(byte address) => address < _kinds.Length && _kinds[address] is not null;

    /// <summary>What a layered connection sends.</summary>
    internal ref OutboundQueue SealedOf(int index) => ref _layers!.SealedOf(index);

    /// <summary>The kernel took bytes of what a layered connection sends.</summary>
    internal void Consume(int index, ref Slot slot, int sent)
    {
        SealedOf(index).Consume(_table.Segments, sent);
        slot.Outbound.Bytes -= sent;
    }

    /// <summary>Takes received bytes through a connection's layer, and delivers what comes of them.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void Receive(int index, ref Slot slot, ReadOnlySpan<byte> data)
    {
        if (slot.IsStarting)
        {
            ReceiveStart(index, ref slot, data);
        }
        else if (slot.MayHold && !slot.IsReadClosed)
        {
            _worker.Deadlines.NoteRead(index, ref slot);
            Pump(index, ref slot, data);
        }
    }

    /// <summary>
    /// Makes what is sent of what was written in this turn, and of what was written while a send was in
    /// flight: many small writes are one record.
    /// </summary>
    /// <returns>Whether there is something to send.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal bool Seal(int index, ref Slot slot)
    {
        ref OutboundQueue queue = ref SealedOf(index);
        if (slot.IsSending || slot.IsWriteBroken || slot.IsFinSent)
        {
            return queue.Bytes != 0;
        }

        LayerSession? session = _layers![index];
        if (slot.IsStarting && slot.IsDraining)
        {
            // What waited for the layer must not be sent without it.
            slot.Outbound.Clear(_table.Segments);
        }
        else if (!slot.IsStarting && slot.Outbound.Head is not null && session is not null)
        {
            SealWritten(index, ref slot, session);
        }

        if (slot.IsDraining || slot.IsLayerEndDue)
        {
            session?.Close(_layers.OutputOf(index));
        }

        if (slot.Outbound.Head is null)
        {
            slot.Outbound.Bytes = queue.Bytes;
            _worker.Writer.NoteSealed(ref slot);
        }

        return queue.Bytes != 0;
    }

    // SAFETY: the segments are the queue's until it is cleared, and hold what was written to them.
    private void SealWritten(int index, ref Slot slot, LayerSession session)
    {
        LayerOutput output = _layers!.OutputOf(index);
        bool isWhole = true;
        for (Segment* segment = slot.Outbound.Head; segment is not null && isWhole; segment = segment->Next)
        {
            int length = segment->End - segment->Start;
            isWhole = session.Seal(new ReadOnlySpan<byte>(segment->Data + segment->Start, length), output);
        }

        slot.Outbound.Clear(_table.Segments);
        if (!isWhole && !slot.IsEnding)
        {
            Fail(index, ref slot, session);
        }
    }

    // Everything is decrypted at once, also what is not delivered yet: nothing that a resumed connection
    // waits for is left where no completion comes from.
    private void Pump(int index, ref Slot slot, ReadOnlySpan<byte> data)
    {
        LayerSession session = _layers![index]!;
        Span<byte> window = _layers.Window;
        int filled = 0;
        int sealedBytes = SealedOf(index).Bytes;
        bool isNew = false;
        while (true)
        {
            LayerStatus status = session.Receive(
                ref data, window[filled..], _layers.OutputOf(index), out int count);
            filled += count;
            if (status == LayerStatus.Data && filled < window.Length)
            {
                continue;
            }

            NoteOutput(index, ref slot, sealedBytes);
            if (filled != 0)
            {
                _worker.Receiver.DeliverOrHold(index, ref slot, window[..filled]);
                _worker.CheckFrameEnded();
                filled = 0;
            }

            if (status == LayerStatus.Ready)
            {
                isNew = IsUnknown(index, ref slot);
                FinishStart(index, ref slot, hasMore: !data.IsEmpty);
            }
            else if (status != LayerStatus.Data)
            {
                EndPump(index, ref slot, session, status, data);
                if (isNew && _worker.Stopper.HasBegun)
                {
                    // Behind what had come with the end of its set-up.
                    _worker.Stopper.NoteSetUp(index, ref slot);
                }

                return;
            }

            if (!slot.MayHold)
            {
                return;
            }

            // Behind the callbacks: they may have written what was sealed at once.
            sealedBytes = SealedOf(index).Bytes;
        }
    }

    private void EndPump(
        int index, ref Slot slot, LayerSession session, LayerStatus status, ReadOnlySpan<byte> rest)
    {
        switch (status)
        {
            case LayerStatus.Suspended:
                // What comes meanwhile waits in the socket, but for what is on its way.
                slot.Inbound.Append(_table.Carries, rest);
                _table.PauseReading(ref slot);
                break;

            case LayerStatus.Closed:
                slot.CloseRead();
                _worker.Receiver.HandleReadClosedIfDue(index, ref slot);
                break;

            case LayerStatus.Failed when slot.MayHold:
                Fail(index, ref slot, session);
                break;
        }
    }

    // What the layer has written of itself is sent with the rest.
    private void NoteOutput(int index, ref Slot slot, int before)
    {
        int written = SealedOf(index).Bytes - before;
        if (written == 0)
        {
            return;
        }

        if (slot.IsWriteBroken || slot.IsFinSent)
        {
            _layers!.Drop(index);
            return;
        }

        slot.Outbound.Bytes += written;
        _worker.Writer.NoteSealed(ref slot);
        _table.AddPending(ref slot);
    }

    // The alert is sent, and nothing behind it.
    private void Fail(int index, ref Slot slot, LayerSession session)
    {
        if (slot.IsStarting)
        {
            NoteFailedStart(index, ref slot, session.Failure);
        }
        else
        {
            _worker.Counters.ProtocolErrors++;
        }

        slot.Outbound.Clear(_table.Segments);
        slot.Outbound.Bytes = SealedOf(index).Bytes;
        if (slot.IsWriteBroken)
        {
            _table.Abort(ref slot, CloseReason.Reset);
            return;
        }

        // An answer that is due could not be sent anymore.
        slot.BeginDraining();
        slot.Reason = CloseReason.ProtocolError;
        _table.AddPending(ref slot);
    }

    /// <summary>The peer's FIN has come: closes the connection if the layer knows of no end.</summary>
    /// <returns>Whether it did.</returns>
    internal bool CloseIfCutOff(int index, ref Slot slot)
    {
        if (_worker.Proxies.IsDue(index))
        {
            _worker.Proxies.EndEarly(index, ref slot);
            return true;
        }

        LayerSession? session = _layers![index];
        if (session is null ? !slot.IsStarting : session.HasPeerEnded)
        {
            return false;
        }

        if (slot.IsStarting)
        {
            NoteFailedStart(index, ref slot, "the other end closed the connection");
        }

        _table.Close(ref slot, CloseReason.Truncated);
        return true;
    }

    /// <summary>The connection is closed: its layer's state is of no use anymore.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void End(int index, ref Slot slot)
    {
        if (slot.IsLayered)
        {
            EndLayered(index, ref slot);
        }
    }

    /// <summary>As <see cref="End"/>, for a connection that has a layer.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void EndLayered(int index, ref Slot slot)
    {
        if (slot.IsStarting)
        {
            bool isDialled = slot.Address >= _firstDial;
            _starting -= !isDialled && _layers![index] is not null ? 1 : 0;

            // However it ended: by the layer, a reset, a deadline or a fault. A stop is nobody's failure, and
            // that of a dial is a failed connect.
            bool hasFailed = (!isDialled || _layers!.IsUpgraded(index))
                && slot.Reason != CloseReason.ServerStopped
                && !_worker.Proxies.IsDue(index);
            _worker.Counters.FailedHandshakes += hasFailed ? 1 : 0;
        }

        _layers!.End(index);
    }

    /// <summary>Drops what a layered connection would send. No send may be in flight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Drop(int index, ref Slot slot)
    {
        if (slot.IsLayered)
        {
            _layers!.Drop(index);
        }
    }

    /// <summary>The worker has ended.</summary>
    internal void Close()
    {
        _layers?.EndAll(_table.UsedSlots);
        foreach (WorkerLayer? layer in _opened)
        {
            layer?.Dispose();
        }
    }
}
