using Gain.Slots;

namespace Gain.Workers;

internal sealed unsafe partial class Receiver<TProtocol, TRing>
{
    // Receives that found the pool empty, in the order in which they did.
    private int _starvedHead = Slot.None;
    private int _starvedTail = Slot.None;

    /// <summary>Whether a receive waits for a buffer.</summary>
    internal bool HasStarved => _starvedHead != Slot.None;

    private void AddStarved(int index, ref Slot slot)
    {
        _worker.Counters.Starvations++;
        if (slot.HasEnded)
        {
            return;
        }

        slot.IsStarved = true;
        slot.NextStarved = Slot.None;
        if (_starvedTail == Slot.None)
        {
            _starvedHead = index;
        }
        else
        {
            _table[_starvedTail].NextStarved = index;
        }

        _starvedTail = index;
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
        while (buffers > 0 && _starvedHead != Slot.None)
        {
            int index = _starvedHead;
            ref Slot slot = ref _table[index];
            _starvedHead = slot.NextStarved;
            if (_starvedHead == Slot.None)
            {
                _starvedTail = Slot.None;
            }

            slot.NextStarved = Slot.None;
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
