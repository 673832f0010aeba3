using System.Runtime.CompilerServices;
using Gain.CompilerServices;
using Gain.Rings;
using Gain.Slots;
using Gain.Uring;

namespace Gain.Workers;

/// <remarks>
/// Nothing is received of a connection while reading is paused, and so nothing would tell that its peer has
/// reset it: it would keep its slot until it reads on, which may be never. A wait tells. Once armed it stays
/// when reading goes on, as the next pause needs it again, and ends with the connection at the latest.
/// </remarks>
internal sealed unsafe partial class Closer<TProtocol, TRing>
{
    internal void ArmHangUp(int index, ref Slot slot)
    {
        if (slot.MayAwaitHangUp)
        {
            slot.Begin(index, SlotOperation.HangUp);
            _worker.Ring.PrepAwaitHangUp(slot.Fd, Token.Pack(Operation.HangUp, index, slot.Generation));
        }
    }

    /// <summary>Handles the end of the wait for the peer's reset.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void HandleHangUp(CompletionEntry completion)
    {
        int index = Token.SlotOf(completion.UserData);
        ref Slot slot = ref _table[index];
        if (slot.Generation != Token.GenerationOf(completion.UserData))
        {
            _worker.DropStale(completion);
            return;
        }

        slot.End(index, SlotOperation.HangUp);
        if (slot.HasEnded)
        {
            TryFree(index);
            return;
        }

        // A socket that an error has ended says both. Alone, POLLHUP is the close of a Unix socket's peer,
        // and POLLRDHUP, which io_uring adds to whatever is asked for, its FIN: what it had sent is still to
        // be delivered, as is what a connection that reads finds out by itself.
        if (completion.Result >= 0
            && (completion.Result & HangUpBits.Gone) == HangUpBits.Gone
            && slot.IsReadPaused
            && !slot.AwaitsInput)
        {
            slot.NotePeerReset();
            _table.Abort(ref slot, CloseReason.Reset);
        }
    }
}
