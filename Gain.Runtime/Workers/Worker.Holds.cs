using System.Buffers.Binary;
using Gain.Mail;
using Gain.Slots;

namespace Gain.Workers;

/// <remarks>Answers that are due: what waits for them, and what becomes of those that never come.</remarks>
internal sealed unsafe partial class Worker<TProtocol, TRing>
{
    private LogLimiter _holdLog;

    /// <summary>Reads the mail, and sees to the answers that were released.</summary>
    private void ReadMailAndHolds()
    {
        // In this order: what its owner posted before it released an answer is read first.
        HoldTable holds = _table.Holds;
        bool anyReleased = holds.HasReleased;
        if (anyReleased)
        {
            holds.Collect();
        }

        bool isAllRead = !_mailbox.HasMail || ReadMail();
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
        if (_table.HoldMs != 0 && due >= 0 && !_table.Timers.IsArmed(NumberOf(WorkerTimer.Hold)))
        {
            ArmTimer(WorkerTimer.Hold, due);
        }
    }

    private void ExpireHolds()
    {
        while (_table.Holds.TryExpire(_table.NowMs, out int slot, out uint generation))
        {
            _counters.ExpiredHolds++;
            if (MayLog(ref _holdLog))
            {
                Log.HoldExpired(_server.Logger, _settings.Index, _table.HoldMs, TProtocol.DisplayName);
            }

            _table.Unhold(slot, generation);
        }
    }

    /// <summary>An answer has come by mail, of a connection that may be gone.</summary>
    private void ReadAnswer(Command mail)
    {
        ReadOnlySpan<byte> bytes = _mailbox.FrontBytes;
        ReadOnlySpan<byte> head = bytes[..HoldTable.HeadBytes];
        try
        {
            if (Owned(mail.Slot, mail.Generation) != Slot.None)
            {
                _table.Write(ref _table[mail.Slot], bytes[HoldTable.HeadBytes..]);
            }
        }
        finally
        {
            _table.Holds.Release(
                BinaryPrimitives.ReadInt32LittleEndian(head),
                BinaryPrimitives.ReadUInt32LittleEndian(head[sizeof(uint)..]));
        }
    }

    /// <summary>No answer is due anymore, and the connection was to be closed.</summary>
    private void CloseReleased(ref Slot slot)
    {
        slot.Flags &= ~SlotFlags.CloseDue;
        _table.Close(ref slot, slot.Reason);
    }
}
