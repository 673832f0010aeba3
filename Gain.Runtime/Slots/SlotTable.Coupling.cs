namespace Gain.Slots;

/// <remarks>Connections that are coupled: each knows the other's slot.</remarks>
internal sealed partial class SlotTable
{
    // One more than the other's index, so that 0 is nobody.
    private readonly SlotNumbers _partners;

    /// <summary>The room of pairs.</summary>
    public CouplingDoor? Pairs { get; set; }

    /// <summary>The slot that a coupled one is coupled with.</summary>
    public int PartnerOf(int index) => _partners[index] - 1;

    /// <summary>Couples two connections; if one of them is closing, the other closes, too.</summary>
    /// <param name="slot">The one.</param>
    /// <param name="other">The other.</param>
    /// <param name="maySplice">Whether the kernel may move their bytes.</param>
    /// <exception cref="InvalidOperationException">They cannot be coupled.</exception>
    public void Couple(ref Slot slot, ref Slot other, bool maySplice)
    {
        int index = IndexOf(ref slot);
        int partner = IndexOf(ref other);
        if (index == partner)
        {
            throw new InvalidOperationException(
                "A connection was to be coupled with itself: couple it with another one, as TryBorrow gives "
                + "it.");
        }

        if (slot.IsCoupled || other.IsCoupled)
        {
            throw new InvalidOperationException(
                "One of two connections that were to be coupled is coupled already: each is with one other, "
                + "and until its end.");
        }

        if (!slot.MayClose || !other.MayClose)
        {
            Close(ref slot, CloseReason.Coupled);
            Close(ref other, CloseReason.Coupled);
            return;
        }

        _partners[index] = partner + 1;
        _partners[partner] = index + 1;
        slot.Couple();
        other.Couple();
        slot.MaySplice = maySplice && Pairs!.AllowSplices();
        other.MaySplice = slot.MaySplice;
        AddPending(ref slot);
        AddPending(ref other);
    }

    /// <summary>Ends a coupling, of which one side has ended: what follows for the other.</summary>
    /// <param name="slot">Its connection, which is coupled.</param>
    /// <param name="isCutOff">Whether it ended with a reset, or as one.</param>
    public void Part(ref Slot slot, bool isCutOff)
    {
        int index = IndexOf(ref slot);
        int partner = PartnerOf(index);
        ref Slot other = ref this[partner];
        _partners[index] = 0;
        _partners[partner] = 0;
        slot.Uncouple();
        other.Uncouple();
        EndWith(ref other, slot.Reason, isCutOff);
    }

    // The connection closes in order, and the other one with it, when what it has to send is sent.
    private void ClosePartner(ref Slot slot) =>
        EndWith(ref this[PartnerOf(IndexOf(ref slot))], slot.Reason, isCutOff: false);

    // What was cut off, by whoever, must not look whole at the other end.
    private void EndWith(ref Slot other, CloseReason reason, bool isCutOff)
    {
        if (isCutOff || reason is CloseReason.Truncated or CloseReason.ProtocolError)
        {
            Abort(ref other, CloseReason.Coupled);
        }
        else
        {
            bool endsBoth = reason is CloseReason.PeerClosed or CloseReason.ServerStopped;
            Close(ref other, endsBoth ? reason : CloseReason.Coupled);
        }
    }
}
