using Gain.CompilerServices;
using Gain.Kernel;
using Gain.Rings;
using Gain.Slots;
using Gain.Uring;
using Gain.Writing;

namespace Gain.Workers;

/// <summary>
/// Pairs of connections of which the kernel moves the bytes, by splice(2) through a pipe: each direction by
/// itself, as long as it streams.
/// </summary>
/// <remarks>
/// Copying is what a direction begins with, and goes back to at everything that is out of the ordinary: an
/// end of either side, a pause, a stop, a want of pipes. What is in the pipe then becomes what the other one
/// has to send. So ends, deadlines and stops know of copied bytes alone.
/// </remarks>
internal sealed partial class Splices<TProtocol, TRing> : SpliceRoom
    where TProtocol : struct, IProtocol<TProtocol>
    where TRing : struct, IRing
{
    // What one direction may move in a turn is at most this many pipes.
    private const int MaxMoves = 4;

    // So many times in a row it was not worth it, and is copied again.
    private const int MaxSmallMoves = 8;

    // After a want of pipes, or a socket that cannot: bytes until the next try.
    private const int Abstinence = 4 << 20;

    private readonly Worker<TProtocol, TRing> _worker;
    private readonly SlotTable _table;
    private readonly ConnectionWriter _writer;
    private readonly SplicePipes _pipes;
    private readonly SpliceSettings _settings;
    private readonly int _fullBytes;
    private readonly int _moveBytes;

    // While it is copied: the bytes of full buffers in a row, below 0 when it is not to be tried yet. While
    // it is spliced: the small moves in a row.
    private readonly SlotNumbers _runs;

    // The pipe that a direction has bytes in, and 1; by the connection that they came from.
    private readonly SlotNumbers _held;

    internal Splices(Worker<TProtocol, TRing> worker)
    {
        _worker = worker;
        _table = worker.Table;
        _writer = worker.Writer;
        _settings = worker.Settings.Splices;
        _pipes = new SplicePipes(_settings.MaxPipes);
        _runs = new SlotNumbers(worker.Settings.MaxConnections);
        _held = new SlotNumbers(worker.Settings.MaxConnections);
        int bufferBytes = worker.Settings.Ring.BufferBytes;
        _fullBytes = _settings.FullBytes == 0 ? bufferBytes : _settings.FullBytes;
        _moveBytes = (int)Math.Min(
            Math.Min(SpliceSettings.PipeBytes, _writer.Limits.MaxOutbound),
            (long)_writer.CoupledWatermark + bufferBytes);
    }

    public override int PipesInUse => _pipes.InUse;

    public override void NoteCopied(int index, ref Slot slot, int bytes)
    {
        ref int run = ref _runs[index];
        run = bytes >= _fullBytes ? Math.Min(run + bytes, _settings.FromBytes) : Math.Min(run, 0);
        if (run == _settings.FromBytes && MaySplice(index, ref slot))
        {
            // Its receive is cancelled, and what that still brings goes first.
            slot.IsSpliceDue = true;
            if (!slot.IsCongested)
            {
                slot.Congest();
                slot.ReadMs = (uint)_table.NowMs;
            }

            _table.AddPending(ref slot);
        }
    }

    public override bool TryGoOn(int index, ref Slot slot)
    {
        if (slot.IsSpliced)
        {
            PushHeld(index, ref slot);
            return true;
        }

        if (!slot.IsSpliceDue || !MaySplice(index, ref slot))
        {
            slot.IsSpliceDue = false;
            return false;
        }

        ref Slot other = ref _table[_table.PartnerOf(index)];
        if (!slot.MayAwaitInput || !other.MaySend || other.Outbound.Bytes != 0)
        {
            return true;
        }

        return TryBegin(index, ref slot, ref other);
    }

    private bool MaySplice(int index, ref Slot slot)
    {
        ref Slot other = ref _table[_table.PartnerOf(index)];
        return !_worker.Stopper.HasBegun
            && slot.MayHold && !slot.IsReadClosed && !slot.IsLayered
            && other.IsWritable && !other.IsConnecting && !other.IsLayered;
    }

    private bool TryBegin(int index, ref Slot slot, ref Slot other)
    {
        slot.IsSpliceDue = false;
        if (_worker.Ring.PrepareSplice(slot.Fd) != 0 || _worker.Ring.PrepareSplice(other.Fd) != 0)
        {
            _runs[index] = -Abstinence;
            return false;
        }

        _worker.Sender.CountPause(ref slot);
        slot.IsSpliced = true;
        _runs[index] = 0;
        AwaitInput(index, ref slot);
        return true;
    }

    private void AwaitInput(int index, ref Slot slot)
    {
        if (!slot.MayAwaitInput)
        {
            // The cancellation of an earlier one is on its way: its end looks again.
            return;
        }

        slot.Begin(index, SlotOperation.Receive);
        slot.AwaitsInput = true;
        _worker.Ring.PrepAwaitInput(
            slot.Fd, Token.Pack(Operation.SpliceInput, index, slot.Generation));
    }

    private void AwaitRoom(int partner, ref Slot other)
    {
        other.Begin(partner, SlotOperation.Send);
        other.AwaitsRoom = true;
        _worker.Deadlines.NoteSend(partner, ref other);
        _worker.Ring.PrepAwaitRoom(
            other.Fd, Token.Pack(Operation.SpliceRoom, partner, other.Generation));
    }

    public override void Handle(CompletionEntry completion)
    {
        int index = Token.SlotOf(completion.UserData);
        ref Slot slot = ref _table[index];
        if (slot.Generation != Token.GenerationOf(completion.UserData))
        {
            _worker.DropStale(completion);
        }
        else if (Token.OperationOf(completion) == Operation.SpliceInput)
        {
            HandleInput(index, ref slot, completion.Result);
        }
        else
        {
            HandleRoom(index, ref slot);
        }
    }

    // Something has arrived at a connection that is spliced, or its wait was cancelled.
    private void HandleInput(int index, ref Slot slot, int result)
    {
        slot.End(index, SlotOperation.Receive);
        slot.AwaitsInput = false;
        if (!slot.IsSpliced)
        {
            _worker.Receiver.AfterDisarm(index, ref slot);
        }
        else if (result < 0 || !slot.MayHold)
        {
            // The receive tells what there is to know.
            Leave(index, ref slot);
        }
        else
        {
            Move(index, ref slot);
        }
    }

    // There is room at a connection that is spliced to, or its wait was cancelled.
    private void HandleRoom(int index, ref Slot slot)
    {
        bool wasProbed = slot.IsSendProbed;
        slot.IsSendProbed = false;
        slot.AwaitsRoom = false;
        slot.End(index, SlotOperation.Send);
        if (slot.HasEnded)
        {
            _worker.Closer.TryFree(index);
        }
        else if (wasProbed && IsHeldFor(index, ref slot))
        {
            EndProbe(index, ref slot);
        }
        else
        {
            _table.AddPending(ref slot);
            GoOnInto(index, ref slot);
        }
    }

    public override void GoOnInto(int index, ref Slot slot)
    {
        if (IsHeldFor(index, ref slot))
        {
            int source = _table.PartnerOf(index);
            PushHeld(source, ref _table[source]);
        }
        else if (slot.IsCoupled && _table[_table.PartnerOf(index)].IsSpliceDue)
        {
            _table.AddPending(ref _table[_table.PartnerOf(index)]);
        }
    }

    private bool IsHeldFor(int index, ref Slot slot) =>
        slot.IsCoupled && !slot.IsBeyondDraining && _held[_table.PartnerOf(index)] != 0;

    // Nothing went out until the deadline. A server that was frozen may not have seen that there is room: it
    // tries once more.
    private void EndProbe(int index, ref Slot slot)
    {
        int source = _table.PartnerOf(index);
        int number = _held[source] - 1;
        int sent = _worker.Ring.SpliceOut(_pipes[number], slot.Fd, _pipes.BytesIn(number));
        if (sent == -Errno.EAGAIN)
        {
            _table.Abort(ref slot, CloseReason.SendTimeout);
        }
        else if (sent <= 0)
        {
            Break(source, ref _table[source], -sent);
        }
        else
        {
            // The cancellation may be in flight yet; its end goes on.
            NoteOut(source, number, sent);
            if (_table[source].IsSpliced)
            {
                PushHeld(source, ref _table[source]);
            }
        }
    }

    private void Move(int index, ref Slot slot)
    {
        int total = 0;
        for (int i = 0; i < MaxMoves; i++)
        {
            if (!_pipes.TryTake(ref _worker.Ring, out int number))
            {
                Leave(index, ref slot);
                _runs[index] = -Abstinence;
                return;
            }

            int moved = _worker.Ring.SpliceIn(slot.Fd, _pipes[number], _moveBytes);
            if (moved <= 0)
            {
                _pipes.Return(number);
                EndMoves(index, ref slot, moved, total);
                return;
            }

            total += moved;
            NoteIn(index, ref slot, number, moved);
            if (!Push(index, ref slot))
            {
                return;
            }
        }

        _runs[index] = 0;
        AwaitInput(index, ref slot);
    }

    private void EndMoves(int index, ref Slot slot, int result, int total)
    {
        if (result != -Errno.EAGAIN)
        {
            Leave(index, ref slot);
            _worker.Receiver.EndUnarmed(index, ref slot, result);
            return;
        }

        ref int small = ref _runs[index];
        small = total >= _settings.WorthBytes ? 0 : small + 1;
        if (small > MaxSmallMoves)
        {
            Leave(index, ref slot);
        }
        else
        {
            AwaitInput(index, ref slot);
        }
    }

    private void NoteIn(int index, ref Slot slot, int number, int bytes)
    {
        ref Slot other = ref _table[_table.PartnerOf(index)];
        _pipes.BytesIn(number) = bytes;
        _held[index] = number + 1;
        _worker.Counters.BytesIn += bytes;
        _worker.Deadlines.NoteRead(index, ref slot);
        slot.ReadMs = (uint)_table.NowMs;
        if (!other.IsReadPaused || other.AwaitsInput)
        {
            // A peer that only reads is not idle.
            other.ReadMs = (uint)_table.NowMs;
        }
    }

    // Afterwards the source's next move, if all went out.
    private void PushHeld(int index, ref Slot slot)
    {
        if (_held[index] != 0)
        {
            if (Push(index, ref slot))
            {
                AwaitInput(index, ref slot);
            }
        }
        else if (!slot.IsReceiving)
        {
            AwaitInput(index, ref slot);
        }
    }

    /// <summary>Moves what the pipe has to the other one.</summary>
    /// <returns>Whether all went out and the direction goes on.</returns>
    private bool Push(int index, ref Slot slot)
    {
        int partner = _table.PartnerOf(index);
        ref Slot other = ref _table[partner];
        int number = _held[index] - 1;
        while (_held[index] != 0)
        {
            if (!other.MaySend || other.Outbound.Bytes != 0)
            {
                // The end of what is in flight goes on with it.
                _worker.Closer.ArmHangUp(index, ref slot);
                return false;
            }

            int sent = _worker.Ring.SpliceOut(_pipes[number], other.Fd, _pipes.BytesIn(number));
            if (sent == -Errno.EAGAIN)
            {
                AwaitRoom(partner, ref other);
                _worker.Closer.ArmHangUp(index, ref slot);
                return false;
            }

            if (sent <= 0)
            {
                Break(index, ref slot, -sent);
                return false;
            }

            NoteOut(index, number, sent);
        }

        // Its handler was told, and may have ended it.
        return slot.IsSpliced;
    }

    private void NoteOut(int index, int number, int sent)
    {
        int partner = _table.PartnerOf(index);
        ref int bytes = ref _pipes.BytesIn(number);
        bytes -= sent;
        _worker.Counters.BytesSpliced += sent;
        if (bytes == 0)
        {
            _held[index] = 0;
            _pipes.Return(number);
        }

        _worker.Sender.TellSent(partner, ref _table[partner], sent);
    }
}
