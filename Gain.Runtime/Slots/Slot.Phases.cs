using System.Runtime.CompilerServices;

namespace Gain.Slots;

/// <remarks>
/// The way out, in one direction: Open, Draining or Aborting, Ended while OnClose is called, and from there,
/// when the close was in order and the peer may still send, Lingering, and Ended again. A step that is none
/// of these throws: it would call OnClose twice, or never.
/// </remarks>
internal partial struct Slot
{
    /// <summary>How far it is on its way out.</summary>
    public readonly SlotPhase Phase => (_flags & SlotFlags.Ending) switch
    {
        SlotFlags.None => IsConnecting ? SlotPhase.Connecting : SlotPhase.Open,
        SlotFlags.Draining => SlotPhase.Draining,
        SlotFlags.Aborting => SlotPhase.Aborting,
        SlotFlags.Lingering => SlotPhase.Lingering,
        _ => SlotPhase.Ended,
    };

    /// <summary>Whether it is on its way out, in whatever phase.</summary>
    public readonly bool IsEnding => Has(SlotFlags.Ending);

    /// <summary>Whether it was dialled and is not up yet, and has not failed; it may be given up.</summary>
    public readonly bool IsConnecting => Has(SlotFlags.Connecting);

    /// <summary>Whether its settling is that of a dial, or of an end.</summary>
    public readonly bool SettlesApart =>
        Has(SlotFlags.Connecting | SlotFlags.Aborting | SlotFlags.Lingering | SlotFlags.Ended);

    public readonly bool IsDraining => Has(SlotFlags.Draining);

    public readonly bool IsAborting => Has(SlotFlags.Aborting);

    public readonly bool IsLingering => Has(SlotFlags.Lingering);

    public readonly bool HasEnded => Has(SlotFlags.Ended);

    /// <summary>Whether OnClose is called, or done.</summary>
    public readonly bool HasClosed => Has(SlotFlags.Ended | SlotFlags.Lingering);

    /// <summary>
    /// Whether no callback is told of what was sent: it is of no use anymore, or the layer's own.
    /// </summary>
    public readonly bool IsSendUntold => Has(SlotFlags.Aborting | SlotFlags.Ended | SlotFlags.Starting);

    /// <summary>Whether it goes on with its end alone: it is beyond the phase in which it drains.</summary>
    public readonly bool IsBeyondDraining =>
        Has(SlotFlags.Aborting | SlotFlags.Lingering | SlotFlags.Ended);

    /// <summary>A connection gets the slot.</summary>
    public void Open(int fd, byte address, byte tag = 0)
    {
        Fd = fd;
        Address = address;
        Tag = tag;
        _marks = 0;
        NextPending = None;
        NextStarved = None;
        _flags = SlotFlags.None;
    }

    /// <summary>Its connection is gone: completions for it are stale from now on.</summary>
    /// <param name="index">The slot's index.</param>
    public void Vacate(int index)
    {
        if (Has(SlotFlags.InFlight))
        {
            throw new InvalidOperationException(
                $"Slot {index} has {InFlight} operations in flight: {ListInFlight()}.");
        }

        Fd = -1;
        _flags = SlotFlags.None;
        Generation = Generation == uint.MaxValue ? 1 : Generation + 1;
    }

    /// <summary>From Open: it is to be closed when everything is sent.</summary>
    public void BeginDraining() =>
        Move(SlotPhase.Draining, SlotFlags.Draining, from: SlotFlags.None, fromOpen: true);

    /// <summary>From Open or Draining, or again: it is to be closed at once.</summary>
    public void BeginAborting() =>
        Move(SlotPhase.Aborting, SlotFlags.Aborting, SlotFlags.Draining | SlotFlags.Aborting, fromOpen: true);

    /// <summary>From Open, Draining or Aborting: OnClose is called next, which is so once.</summary>
    public void End() =>
        Move(SlotPhase.Ended, SlotFlags.Ended, SlotFlags.Draining | SlotFlags.Aborting, fromOpen: true);

    /// <summary>From Ended, after OnClose: what the peer still sends is read and dropped.</summary>
    public void BeginLingering()
    {
        Move(SlotPhase.Lingering, SlotFlags.Lingering, SlotFlags.Ended, fromOpen: false);
        _flags &= ~(SlotFlags.ReadPaused | SlotFlags.ResumePending);
    }

    /// <summary>From Lingering: the peer's FIN has come, or the deadline.</summary>
    public void EndLingering()
    {
        Move(SlotPhase.Ended, SlotFlags.Ended, SlotFlags.Lingering, fromOpen: false);
        _flags &= ~SlotFlags.ReadTimed;
    }

    private void Move(SlotPhase phase, SlotFlags flag, SlotFlags from, bool fromOpen)
    {
        if (IsEnding ? !Has(from) : !fromOpen)
        {
            ThrowMove(phase);
        }

        _flags = (_flags & ~SlotFlags.Ending) | flag;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void ThrowMove(SlotPhase phase) =>
        throw new InvalidOperationException(
            $"A connection (descriptor {Fd}, generation {Generation}) does not go from {Phase} to {phase}.");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool Has(SlotFlags any) => (_flags & any) != 0;
}
