using System.Runtime.CompilerServices;
using Gain.Memory;
using Gain.Slots;

namespace Gain.Workers;

/// <remarks>Who gives way when the memory for connections' bytes is used up.</remarks>
internal sealed unsafe partial class Observer<TProtocol, TRing>
{
    // What holds less gives nothing back that would help: a segment, or a block of its own.
    private const int MinHeldBytes = 16 << 10;

    private long _relievedMs;

    /// <summary>
    /// Connections that need little find no memory: the one that holds most is closed, so that what holds
    /// much goes before what holds little. One at a time, as its memory comes back with its end.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void RelieveMemory()
    {
        _table.IsPressed = false;
        if (_relievedMs == _table.NowMs)
        {
            // The search goes through all slots: at most once in a millisecond.
            return;
        }

        _relievedMs = _table.NowMs;
        int largest = FindLargest(out int held);
        if (largest == Slot.None)
        {
            return;
        }

        ref Slot slot = ref _table[largest];
        CloseReason reason = slot.Outbound.Bytes >= slot.Inbound.Length
            ? CloseReason.OutboundLimit
            : CloseReason.InboundLimit;
        _table.Abort(ref slot, reason);
        MemoryBudget budget = _server.Budget;
        _worker.Faults.CountRefusal(
            $"It held {held:N0} bytes, more than any other of the worker's, while "
            + $"{budget.ReservedBytes:N0} of the {budget.LimitBytes:N0} that "
            + "GainOptions.Limits.MaxBufferedBytes allows are taken.");
    }

    private int FindLargest(out int held)
    {
        int largest = Slot.None;
        held = MinHeldBytes - 1;
        for (int i = 0; i < _table.UsedSlots; i++)
        {
            ref Slot slot = ref _table[i];
            int bytes = slot.Outbound.Bytes + slot.Inbound.Length;
            if (bytes > held && slot.Fd >= 0 && !slot.IsBeyondDraining)
            {
                largest = i;
                held = bytes;
            }
        }

        return largest;
    }
}
