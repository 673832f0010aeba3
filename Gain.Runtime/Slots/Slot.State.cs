using System.Runtime.CompilerServices;

namespace Gain.Slots;

/// <remarks>What has happened to the connection, and what follows from it.</remarks>
internal partial struct Slot
{
    private const int ReasonMask = 0x1F;
    private const int SendProbed = 1 << 5;
    private const int SilenceProbed = 1 << 6;
    private const int HalfClosed = 1 << 7;

    /// <summary>Whether it waits in the table's pending list.</summary>
    public bool IsPending
    {
        readonly get => Has(SlotFlags.Pending);
        set => Set(SlotFlags.Pending, value);
    }

    /// <summary>Whether its receive waits for a buffer.</summary>
    public bool IsStarved
    {
        readonly get => Has(SlotFlags.Starved);
        set => Set(SlotFlags.Starved, value);
    }

    /// <summary>Whether what arrives may be delivered.</summary>
    public readonly bool IsDeliverable => !Has(SlotFlags.Undeliverable);

    /// <summary>Whether it may be delivered as it is: no layer comes first.</summary>
    public readonly bool IsDeliverableAsItIs => !Has(SlotFlags.NotDeliveredAsItIs);

    /// <summary>Whether it may be written to.</summary>
    public readonly bool IsWritable => !Has(SlotFlags.Unwritable);

    // Reading.

    /// <summary>Whether reading is paused, by the handler or because the peer does not read.</summary>
    public readonly bool IsReadPaused => Has(SlotFlags.ReadPaused);

    /// <summary>Whether the handler has paused reading.</summary>
    public readonly bool IsPausedByHandler => Has(SlotFlags.Paused);

    /// <summary>Whether the handler lets reading go on, and what was held is not delivered yet.</summary>
    public readonly bool IsResumePending => Has(SlotFlags.ResumePending);

    /// <summary>Whether reading is paused, or has not gone on yet.</summary>
    public readonly bool IsReadHeld => Has(SlotFlags.ReadPaused | SlotFlags.ResumePending);

    /// <summary>Whether it is we who do not read, and not the peer who is silent.</summary>
    public readonly bool KeepsPeerWaiting =>
        Has(SlotFlags.Starved | SlotFlags.Held) || (IsReadPaused && !AwaitsInput);

    /// <summary>Whether what a callback did not consume is kept, as more may be delivered.</summary>
    public readonly bool MayKeep => !Has(SlotFlags.Ending | SlotFlags.CloseDue);

    /// <summary>Whether what arrives, and is not delivered now, may be so later.</summary>
    public readonly bool MayHold => !Has(SlotFlags.Ending | SlotFlags.Rejected | SlotFlags.CloseDue);

    /// <summary>Whether what it holds may be more than its limit: it is not the handler who left
    /// it.</summary>
    public readonly bool MayHoldMore =>
        Has(SlotFlags.ReadPaused | SlotFlags.CloseDue | SlotFlags.Coupled);

    /// <summary>Whether the framing was violated.</summary>
    public readonly bool IsRejected => Has(SlotFlags.Rejected);

    /// <summary>Whether the peer's FIN has arrived, or nothing more can.</summary>
    public readonly bool IsReadClosed => Has(SlotFlags.ReadClosed);

    /// <summary>Whether the peer has reset the connection.</summary>
    public readonly bool IsPeerReset => Has(SlotFlags.PeerReset);

    /// <summary>Whether the peer's FIN has arrived and is to be acted on now.</summary>
    public readonly bool IsReadClosedDue =>
        (_flags & (SlotFlags.ReadClosed | SlotFlags.NoReadClosed)) == SlotFlags.ReadClosed;

    /// <summary>
    /// Whether the protocol was told of the peer's FIN, or the connection was closed for it.
    /// </summary>
    public readonly bool IsReadClosedHandled => Has(SlotFlags.ReadClosedHandled);

    /// <summary>The handler pauses reading.</summary>
    public void Pause() => _flags = (_flags & ~SlotFlags.ResumePending) | SlotFlags.Paused;

    /// <summary>The handler lets reading go on.</summary>
    public void Resume() => _flags = (_flags & ~SlotFlags.Paused) | SlotFlags.ResumePending;

    /// <summary>Reading goes on, with what was held.</summary>
    public void EndResume() => _flags &= ~SlotFlags.ResumePending;

    /// <summary>The framing was violated.</summary>
    public void Reject() => _flags |= SlotFlags.Rejected;

    /// <summary>The peer's FIN has arrived, or nothing more can.</summary>
    public void CloseRead() => _flags |= SlotFlags.ReadClosed;

    /// <summary>The peer's FIN is acted on, which is so once.</summary>
    public void HandleReadClosed() => _flags |= SlotFlags.ReadClosedHandled;

    /// <summary>The peer has reset the connection.</summary>
    public void NotePeerReset() => _flags |= SlotFlags.PeerReset | SlotFlags.ReadClosed;

    // Writing.

    /// <summary>Whether outbound bytes reached the high watermark and are not at the low one.</summary>
    public readonly bool IsCongested => Has(SlotFlags.Congested);

    /// <summary>Whether a write was refused.</summary>
    public readonly bool IsOverflowed => Has(SlotFlags.Overflowed);

    /// <summary>Whether all outbound bytes have to go out before reading goes on.</summary>
    public readonly bool MustDrainFully =>
        (~_flags & (SlotFlags.Congested | SlotFlags.Overflowed)) == 0;

    /// <summary>Whether the end of a send has more to do than to start the next.</summary>
    public readonly bool IsUnderPressure =>
        Has(SlotFlags.Congested | SlotFlags.Overflowed | SlotFlags.Ending
            | SlotFlags.WriteEnded | SlotFlags.Coupled);

    /// <summary>Whether a send has failed, as the peer is gone.</summary>
    public readonly bool IsWriteBroken => Has(SlotFlags.WriteEnded) && !HasMark(HalfClosed);

    /// <summary>Whether a send is in flight, or the receive waits for a buffer.</summary>
    public readonly bool IsSendingOrStarved => Has(SlotFlags.Sending | SlotFlags.Starved);

    /// <summary>Whether its settling has more to do than to start a send.</summary>
    public readonly bool HasMoreToSettle =>
        Has(SlotFlags.ReadPaused | SlotFlags.ResumePending | SlotFlags.Draining | SlotFlags.StopDue
            | SlotFlags.CloseDue | SlotFlags.WriteEnded);

    /// <summary>
    /// Whether a receive is in flight that will find out what a failed send says, and what it brings until
    /// then is delivered.
    /// </summary>
    public readonly bool WillFindOut =>
        (_flags & (SlotFlags.Receiving | SlotFlags.ReadPaused | SlotFlags.Ending)) == SlotFlags.Receiving;

    public void Congest() => _flags |= SlotFlags.Congested;

    public void Overflow() => _flags |= SlotFlags.Overflowed;

    public void EndOverflow() => _flags &= ~SlotFlags.Overflowed;

    /// <summary>Outbound bytes are at the low watermark, or gone where they have to be.</summary>
    public void EndCongestion() => _flags &= ~(SlotFlags.Congested | SlotFlags.Overflowed);

    /// <summary>A send has failed, as the peer is gone.</summary>
    public void BreakWrite()
    {
        _flags |= SlotFlags.WriteEnded;
        SetMark(HalfClosed, false);
    }

    // Closing.

    /// <summary>Whether a close in order may begin: none has, and none waits for an answer.</summary>
    public readonly bool MayClose => !Has(SlotFlags.Ending | SlotFlags.CloseDue);

    /// <summary>Whether answers are due, for which a close waits.</summary>
    public bool IsHeld
    {
        readonly get => Has(SlotFlags.Held);
        set => Set(SlotFlags.Held, value);
    }

    /// <summary>Whether it is to be closed when no answer is due anymore.</summary>
    public bool IsCloseDue
    {
        readonly get => Has(SlotFlags.CloseDue);
        set => Set(SlotFlags.CloseDue, value);
    }

    /// <summary>Whether it was to be closed when no answer is due, and none is.</summary>
    public readonly bool IsCloseReleased =>
        (_flags & (SlotFlags.CloseDue | SlotFlags.Held)) == SlotFlags.CloseDue;

    /// <summary>Whether what had arrived before the server's stop is delivered.</summary>
    public bool IsStopDue
    {
        readonly get => Has(SlotFlags.StopDue);
        set => Set(SlotFlags.StopDue, value);
    }

    // Deadlines.

    /// <summary>Whether the peer has sent anything.</summary>
    public bool HasReceived
    {
        readonly get => Has(SlotFlags.HasReceived);
        set => Set(SlotFlags.HasReceived, value);
    }

    /// <summary>Whether the deadline for what the peer sends, or for its FIN, is armed.</summary>
    public bool IsReadTimed
    {
        readonly get => Has(SlotFlags.ReadTimed);
        set => Set(SlotFlags.ReadTimed, value);
    }

    /// <summary>Whether the deadline for the send in flight is armed.</summary>
    public bool IsSendTimed
    {
        readonly get => Has(SlotFlags.SendTimed);
        set => Set(SlotFlags.SendTimed, value);
    }

    /// <summary>Why it ends.</summary>
    public CloseReason Reason
    {
        readonly get => (CloseReason)(_marks & ReasonMask);
        set => _marks = (byte)((_marks & ~ReasonMask) | (int)value);
    }

    /// <summary>Whether the send is being cancelled to see whether it made progress.</summary>
    public bool IsSendProbed
    {
        readonly get => HasMark(SendProbed);
        set => SetMark(SendProbed, value);
    }

    /// <summary>Whether the peer was silent for as long as it may, and one look is left to it.</summary>
    public bool IsSilenceProbed
    {
        readonly get => HasMark(SilenceProbed);
        set => SetMark(SilenceProbed, value);
    }

    private readonly bool HasMark(int mark) => (_marks & mark) != 0;

    private void SetMark(int mark, bool isSet) =>
        _marks = (byte)(isSet ? _marks | mark : _marks & ~mark);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Set(SlotFlags flag, bool isSet) => _flags = isSet ? _flags | flag : _flags & ~flag;
}
