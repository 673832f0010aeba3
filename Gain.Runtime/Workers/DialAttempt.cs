using Gain.Slots;

namespace Gain.Workers;

/// <summary>A connect to one of a name's addresses: its socket has no slot until it is the first to be
/// up.</summary>
internal struct DialAttempt
{
    /// <summary>Its descriptor; <see cref="Slot.NoSocket"/> once a slot has it.</summary>
    public int Fd;

    /// <summary>The slot of its dial; <see cref="Slot.None"/> when that is over.</summary>
    public int Dial;

    /// <summary>Counts the attempts that have had this number; never 0 in use.</summary>
    public uint Generation;

    /// <summary>One more than the number of the next attempt of the dial, or of the next free one; 0 for
    /// none.</summary>
    public int Next;

    /// <summary>Where to.</summary>
    public GainAddress Target;

    /// <summary>The connect is in flight.</summary>
    public bool IsConnecting;

    /// <summary>Its cancellation is in flight.</summary>
    public bool IsCancelling;

    /// <summary>Whether anything of it is in flight, so that its descriptor may not be closed.</summary>
    public readonly bool IsInFlight => IsConnecting || IsCancelling;
}
