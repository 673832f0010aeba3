using Gain.Slots;

namespace Gain.Workers;

internal sealed unsafe partial class Receiver<TProtocol, TRing>
{
    // Receives that found the pool empty, in the order in which they did.
    private SlotList<StarvedLink> _starved = new();

    /// <summary>Whether a receive waits for a buffer.</summary>
    internal bool HasStarved => !_starved.IsEmpty;

    private void AddStarved(int index, ref Slot slot)
    {
        _worker.Counters.Starvations++;
        if (slot.HasEnded)
        {
            return;
        }

        slot.IsStarved = true;
        _starved.AddLast(_table, index);
    }

    /// <summary>
    /// Arms as many starved receives as there are buffers. At the end of a batch the kernel has them all
    /// back, but for those of completions that have come since: a receive that starves again is followed by
    /// them, so that the next batch brings the connections on, and this never goes in circles. Buffers that
    /// came back are no measure: a receive that is armed may take none, as there is nothing to read or the
    /// end.
    /// </summary>
    internal void ArmStarved()
    {
        int buffers = _settings.Ring.BufferCount;
        while (buffers > 0 && !_starved.IsEmpty)
        {
            int index = _starved.TakeFirst(_table);
            ref Slot slot = ref _table[index];
            slot.IsStarved = false;

            // The time in which nothing was read is not the peer's.
            slot.ReadMs = (uint)_table.NowMs;
            if (slot.HasEnded)
            {
                _worker.Closer.TryFree(index);
            }
            else
            {
                if (slot.IsEnding)
                {
                    _table.AddPending(ref slot);
                }

                if (slot.MayReceive)
                {
                    buffers--;
                    ArmReceiveIfWanted(index, ref slot);
                }
            }
        }
    }
}
