using System.Runtime.CompilerServices;

namespace Gain.Slots;

/// <summary>
/// A list of slots whose links lie in the slots themselves, so that it takes no memory and cannot be full.
/// The caller that adds a slot knows that it is in no list of the same link yet.
/// </summary>
/// <typeparam name="TLink">Which of a slot's links it goes by.</typeparam>
/// <remarks>The worker's thread alone touches it.</remarks>
internal struct SlotList<TLink>
    where TLink : struct, ISlotLink
{
    private int _first;
    private int _last;

    public SlotList()
    {
        _first = Slot.None;
        _last = Slot.None;
    }

    public readonly bool IsEmpty => _first == Slot.None;

    /// <summary>Adds a slot at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddLast(SlotTable table, int index)
    {
        TLink.NextOf(ref table[index]) = Slot.None;
        if (_last == Slot.None)
        {
            _first = index;
        }
        else
        {
            TLink.NextOf(ref table[_last]) = index;
        }

        _last = index;
    }

    /// <summary>Adds a slot in front of all others.</summary>
    public void AddFirst(SlotTable table, int index)
    {
        TLink.NextOf(ref table[index]) = _first;
        if (_first == Slot.None)
        {
            _last = index;
        }

        _first = index;
    }

    /// <summary>Takes the first slot; <see cref="Slot.None"/> of an empty list.</summary>
    public int TakeFirst(SlotTable table)
    {
        int index = _first;
        if (index != Slot.None)
        {
            ref int next = ref TLink.NextOf(ref table[index]);
            _first = next;
            next = Slot.None;
            if (_first == Slot.None)
            {
                _last = Slot.None;
            }
        }

        return index;
    }

    /// <summary>Empties the list.</summary>
    /// <returns>What was the first slot; the others follow by their links.</returns>
    public int TakeAll()
    {
        int first = _first;
        _first = Slot.None;
        _last = Slot.None;
        return first;
    }
}
