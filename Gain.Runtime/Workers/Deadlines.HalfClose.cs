using Gain.Slots;

namespace Gain.Workers;

/// <remarks>How long a peer may be silent, which is less once our side has ended.</remarks>
internal sealed unsafe partial class Deadlines<TProtocol, TRing>
{
    /// <summary>Our FIN is sent: the peer may not be silent for ever.</summary>
    internal void ArmHalfClose(int index, ref Slot slot)
    {
        long limit = ReadLimit(ref slot, out _);
        if (limit != 0)
        {
            slot.ReadMs = (uint)_table.NowMs;
            ArmRead(index, ref slot, limit, limit);
        }
    }

    // For how long the peer may be silent, and what it is closed for then; 0 for any time.
    private long ReadLimit(ref Slot slot, out CloseReason reason)
    {
        DeadlineSettings deadlines = _settings.Deadlines;
        bool isFirst = !slot.HasReceived && deadlines.FirstByteMs != 0;
        long limit = isFirst ? deadlines.FirstByteMs : deadlines.IdleMs;
        reason = isFirst ? CloseReason.FirstByteTimeout : CloseReason.IdleTimeout;
        bool isSooner = limit == 0 || deadlines.HalfCloseMs < limit;
        if (slot.IsFinSent && deadlines.HalfCloseMs != 0 && isSooner)
        {
            limit = deadlines.HalfCloseMs;
            reason = CloseReason.HalfCloseTimeout;
        }

        return limit;
    }
}
