using System.Buffers.Binary;
using Gain.CompilerServices;
using Gain.Mail;
using Gain.Rings;
using Gain.Slots;
using Gain.Writing;

namespace Gain.Workers;

/// <remarks>Answers that are due: what waits for them, and what becomes of those that never come.</remarks>
internal sealed unsafe class Answers<TProtocol, TRing>
    where TProtocol : struct, IProtocol<TProtocol>
    where TRing : struct, IRing
{
    private readonly Worker<TProtocol, TRing> _worker;
    private readonly WorkerSettings _settings;
    private readonly ServerState _server;
    private readonly Mailbox _mailbox;
    private readonly SlotTable _table;
    private readonly ConnectionWriter _writer;

    internal Answers(Worker<TProtocol, TRing> worker)
    {
        _worker = worker;
        _settings = worker.Settings;
        _server = worker.Server;
        _mailbox = worker.Mailbox;
        _table = worker.Table;
        _writer = worker.Writer;
    }

    private LogLimiter _holdLog;

    /// <summary>Reads the mail, and sees to the answers that were released.</summary>
    internal void ReadMailAndHolds()
    {
        // In this order: what its owner posted before it released an answer is read first.
        HoldTable holds = _table.Holds;
        bool anyReleased = holds.HasReleased;
        if (anyReleased)
        {
            holds.Collect();
        }

        bool isAllRead = !_mailbox.HasMail || _worker.MailReader.ReadMail();
        while (anyReleased && isAllRead && holds.TryTakeCollected(out int slot, out uint generation))
        {
            _table.Unhold(slot, generation);
        }

        if (holds.Count != 0)
        {
            ArmHoldDeadline();
        }
    }

    private void ArmHoldDeadline()
    {
        long due = _table.Holds.NextDueMs;
        int timer = _worker.Deadlines.NumberOf(WorkerTimer.Hold);
        if (_table.HoldMs != 0 && due >= 0 && !_table.Timers.IsArmed(timer))
        {
            _worker.Deadlines.ArmTimer(WorkerTimer.Hold, due);
        }
    }

    internal void ExpireHolds()
    {
        while (_table.Holds.TryExpire(_table.NowMs, out int slot, out uint generation))
        {
            _worker.Counters.ExpiredHolds++;
            if (_worker.Observer.MayLog(ref _holdLog))
            {
                Log.HoldExpired(_server.Logger, _settings.Index, _table.HoldMs, TProtocol.DisplayName);
            }

            _table.Unhold(slot, generation);
        }
    }

    /// <summary>An answer has come by mail, of a connection that may be gone.</summary>
    internal void ReadAnswer(Command command)
    {
        ReadOnlySpan<byte> bytes = _mailbox.FrontBytes;
        ReadOnlySpan<byte> head = bytes[..HoldTable.HeadBytes];
        try
        {
            if (_worker.Faults.Owned(command.Slot, command.Generation) != Slot.None)
            {
                WriteAnswer(ref _table[command.Slot], bytes[HoldTable.HeadBytes..]);
            }
        }
        finally
        {
            _table.Holds.Release(
                BinaryPrimitives.ReadInt32LittleEndian(head),
                BinaryPrimitives.ReadUInt32LittleEndian(head[sizeof(uint)..]));
        }
    }

    // One that was asked for behind the end of the handler's side is of no use anymore.
    private void WriteAnswer(ref Slot slot, ReadOnlySpan<byte> answer)
    {
        if (!slot.IsHalfClosed)
        {
            _writer.Write(ref slot, answer);
        }
    }

    /// <summary>Closes a connection that was to be, if no answer is due anymore.</summary>
    internal void SettleReleased(ref Slot slot)
    {
        if (slot.IsCloseReleased)
        {
            slot.IsCloseDue = false;
            _table.Close(ref slot, slot.Reason);
        }
    }
}
