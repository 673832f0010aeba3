using Gain.Slots;

namespace Gain.Sessions;

/// <summary>
/// What reads a session's connection in the session's place. It is told what the session would be, on the
/// worker's thread.
/// </summary>
/// <param name="host">The worker's sessions.</param>
/// <param name="slot">The connection's slot.</param>
/// <param name="generation">The generation of that slot.</param>
internal abstract class SessionAdapter(SessionHost host, int slot, uint generation)
{
    // Boxes of the session that wait for something else than their connection.
    private int _away;
    private int _holdPlace = -1;
    private uint _holdTicket;

    protected SessionHost Host => host;

    protected int Slot => slot;

    protected uint Generation => generation;

    /// <summary>Whether it waits for the peer, so that no answer is due.</summary>
    protected abstract bool WaitsForPeer { get; }

    /// <summary>Bytes have come.</summary>
    /// <returns>How many of them are taken; with some left, reading is put off.</returns>
    public abstract int Deliver(ReadOnlySpan<byte> data);

    /// <summary>The peer's FIN has come, and what was sent before it is delivered.</summary>
    public abstract void EndInput();

    /// <summary>The server stops, and what had arrived is delivered. What follows happens later in the
    /// turn.</summary>
    public abstract void NoteStop();

    /// <summary>The outbound bytes have fallen to the low watermark.</summary>
    public abstract void Drained();

    /// <summary>The connection is over, or its session is.</summary>
    /// <param name="why">Which, as a sentence.</param>
    public virtual void End(string why) => EndHold();

    /// <summary>The session waits for something else than its connection, such as this.</summary>
    public void NoteAway()
    {
        _away++;
        SettleHold();
    }

    /// <summary>It is back.</summary>
    public void NoteBack()
    {
        _away--;
        SettleHold();
    }

    /// <summary>
    /// Holds the connection while its session is away and does not wait for the peer: an answer is due then.
    /// </summary>
    protected void SettleHold()
    {
        if (_away == 0 || WaitsForPeer)
        {
            EndHold();
        }
        else if (_holdPlace < 0
            && host.TryHoldAway(slot, generation, out int place, out uint ticket))
        {
            _holdPlace = place;
            _holdTicket = ticket;
        }
    }

    private void EndHold()
    {
        if (_holdPlace >= 0)
        {
            host.EndHold(slot, generation, _holdPlace, _holdTicket);
            _holdPlace = -1;
        }
    }
}
