namespace Gain.Slots;

/// <remarks>
/// What it receives is moved to the other one of its pair by the kernel. Its receive is not armed then, so
/// that the slot is one whose reading is paused (<see cref="SlotFlags.Congested"/>) to all who do not ask.
/// </remarks>
internal partial struct Slot
{
    /// <summary>Whether the kernel may move what it receives to the other one.</summary>
    public bool MaySplice
    {
        readonly get => Has(SpliceFlags.Allowed);
        set => Set(SpliceFlags.Allowed, value);
    }

    /// <summary>
    /// Whether it is to, as soon as nothing of what was received before is left to be sent.
    /// </summary>
    public bool IsSpliceDue
    {
        readonly get => Has(SpliceFlags.Due);
        set => Set(SpliceFlags.Due, value);
    }

    /// <summary>Whether the kernel moves what it receives.</summary>
    public bool IsSpliced
    {
        readonly get => Has(SpliceFlags.Spliced);
        set => Set(SpliceFlags.Spliced, value);
    }

    /// <summary>Whether what is in flight as its receive is the wait for something to arrive.</summary>
    public bool AwaitsInput
    {
        readonly get => Has(SpliceFlags.AwaitsInput);
        set => Set(SpliceFlags.AwaitsInput, value);
    }

    /// <summary>Whether what is in flight as its send is the wait for room in its socket.</summary>
    public bool AwaitsRoom
    {
        readonly get => Has(SpliceFlags.AwaitsRoom);
        set => Set(SpliceFlags.AwaitsRoom, value);
    }

    /// <summary>Whether that wait may be armed: no receive, nor its cancellation, is in flight.</summary>
    public readonly bool MayAwaitInput => !Has(SlotFlags.Receiving | SlotFlags.CancelingReceive);

    private readonly bool Has(SpliceFlags flag) => (_splicing & flag) != 0;

    private void Set(SpliceFlags flag, bool isSet) =>
        _splicing = isSet ? _splicing | flag : _splicing & ~flag;
}
