using System.Runtime.CompilerServices;

namespace Gain.Slots;

/// <remarks>
/// What the listener that a connection came in by was given when it was added. Nothing is kept before the
/// first.
/// </remarks>
internal sealed partial class SlotTable
{
    private readonly SlotNumbers _tags;
    private bool _hasTags;

    /// <summary>The tag of a connection's listener; 0 for those of the start.</summary>
    public byte TagOf(ref Slot slot) => _hasTags ? (byte)_tags[IndexOf(ref slot)] : (byte)0;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SetTag(int index, byte tag)
    {
        _hasTags = true;
        _tags[index] = tag;
    }
}
