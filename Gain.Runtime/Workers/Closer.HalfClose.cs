using Gain.Slots;

namespace Gain.Workers;

/// <remarks>The handler has ended its side, and the peer has not.</remarks>
internal sealed unsafe partial class Closer<TProtocol, TRing>
{
    /// <summary>Sends FIN: all that was written is out. Reading goes on.</summary>
    internal void SendFin(int index, ref Slot slot)
    {
        // A socket that cannot send it has failed: its receive tells, or the wait for a hang-up.
        slot.NoteFinSent();
        _ = _worker.Ring.ShutdownWrite(slot.Fd);
        _worker.Deadlines.ArmHalfClose(index, ref slot);
    }
}
