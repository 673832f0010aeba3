using System.Runtime.CompilerServices;
using Gain.Slots;

namespace Gain.Workers;

/// <remarks>What arrives, and is not for the protocol as it is and at once.</remarks>
internal sealed unsafe partial class Receiver<TProtocol, TRing>
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReceiveApart(int index, ref Slot slot, ReadOnlySpan<byte> data)
    {
        if (slot.IsHalfClosed && !slot.IsReadPaused)
        {
            // The deadline for the peer's FIN begins anew; the others may be off, and note nothing.
            slot.ReadMs = (uint)_table.NowMs;
        }

        if (slot.IsLayered)
        {
            _worker.Layers.Receive(index, ref slot, data);
        }
        else
        {
            if (slot.IsDeliverable)
            {
                _worker.Deadlines.NoteRead(index, ref slot);
            }

            DeliverOrHold(index, ref slot, data);
        }
    }

    /// <summary>Delivers what was received, or a layer has made of it; or forwards or holds it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void DeliverOrHold(int index, ref Slot slot, ReadOnlySpan<byte> data)
    {
        if (slot.IsCoupled)
        {
            _worker.Couplings.Receive(index, ref slot, data);
        }
        else if (slot.IsDeliverable)
        {
            Deliver(index, ref slot, data);
        }
        else
        {
            Hold(index, ref slot, data);
        }
    }
}
