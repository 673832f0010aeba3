using Gain.Slots;

namespace Gain.Workers;

/// <remarks>Layers that come under connections that are up.</remarks>
internal sealed unsafe partial class Layers<TProtocol, TRing>
{
    /// <summary>
    /// Begins the layer of a connection whose handler has asked for it, once, before anything that was
    /// received after that is looked at. What the other end had sent behind what started it is not delivered
    /// anymore: anyone on the way could have put it there, and it would count as sent in secret.
    /// </summary>
    /// <returns>Whether it has begun just now; not where the connection ends for what was sent.</returns>
    private bool BeginsUpgrade(int index, ref Slot slot)
    {
        if (_layers![index] is not null)
        {
            return false;
        }

        string name = _kinds[slot.Address]!.Name;
        if (slot.Inbound.Length != 0)
        {
            LogFailedStart(
                slot.Address,
                $"the other end sent {slot.Inbound.Length:N0} bytes of plain text behind the message that "
                + $"starts {name}, without waiting for the answer");
            slot.Inbound.Clear(_table.Carries);
            _worker.Counters.ProtocolErrors++;
            _table.Abort(ref slot, CloseReason.ProtocolError);
            return false;
        }

        if (_starting >= _kinds[slot.Address]!.MaxSetups)
        {
            LogFailedStart(slot.Address, $"{_starting:N0} others of the worker are being set up");
            _table.Abort(ref slot, CloseReason.Aborted);
            return false;
        }

        if (slot.Address < _firstDial)
        {
            Begin(index, ref slot, host: null, port: 0);
        }
        else
        {
            BeginDialledUpgrade(index, ref slot);
        }

        return true;
    }

    // Of one that was dialled by its address, the host is the address.
    private void BeginDialledUpgrade(int index, ref Slot slot)
    {
        _ = _worker.Ring.TryGetPeer(slot.Fd, out GainAddress peer);
        Begin(index, ref slot, _layers!.HostOf(index) ?? DialStarts.HostOf(peer), peer.Port);
    }
}
