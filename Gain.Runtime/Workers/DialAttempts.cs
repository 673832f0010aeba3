using Gain.CompilerServices;
using Gain.Slots;

namespace Gain.Workers;

/// <summary>
/// The attempts of a worker's dials by name: one for each slot, and <see cref="MaxFurther"/> for second
/// addresses and for those that are being cancelled.
/// </summary>
internal sealed class DialAttempts
{
    /// <summary>The attempts beyond one for each slot. Each holds a descriptor for a moment.</summary>
    public const int MaxFurther = 256;

    private readonly int _slots;

    // Untouched pages take no memory.
    private readonly DialAttempt[] _all;
    private int _free;

    // Dials with an attempt in flight: the other slots have one each left for them.
    private int _dials;

    /// <param name="slots">The worker's slots; 0 where nothing can be dialled.</param>
    public DialAttempts(int slots)
    {
        _slots = slots;
        _all = new DialAttempt[slots == 0 ? 0 : Math.Min(slots + MaxFurther, Token.MaxSlots)];
    }

    /// <summary>The attempts in use.</summary>
    public int Count { get; private set; }

    /// <summary>The numbers that were ever used.</summary>
    public int Used { get; private set; }

    /// <summary>Whether there is none left.</summary>
    public bool IsFull => Count == _all.Length;

    /// <summary>Whether a dial may try a second address while it waits for the first.</summary>
    public bool HasFurther => _all.Length - Count > _slots - _dials;

    public ref DialAttempt this[int number] => ref _all[number];

    /// <summary>Takes a number, of which there is one left, for a dial's attempt.</summary>
    /// <param name="fd">The socket.</param>
    /// <param name="dial">The slot of the dial.</param>
    /// <param name="first">The first of the dial's attempts.</param>
    /// <param name="target">Where to.</param>
    public int Take(int fd, int dial, ref int first, GainAddress target)
    {
        int number = _free - 1;
        if (number >= 0)
        {
            _free = _all[number].Next;
        }
        else
        {
            number = Used++;
        }

        uint generation = _all[number].Generation;
        _all[number] = new DialAttempt
        {
            Fd = fd,
            Dial = dial,
            Generation = generation == uint.MaxValue ? 1 : generation + 1,
            Next = first,
            Target = target,
            IsConnecting = true,
        };
        _dials += first == 0 ? 1 : 0;
        first = number + 1;
        Count++;
        return number;
    }

    /// <summary>Takes an attempt off its dial, which is over or goes on without it.</summary>
    public void Unlink(int number, ref int first)
    {
        ref int link = ref first;
        while (link != number + 1)
        {
            link = ref _all[link - 1].Next;
        }

        link = _all[number].Next;
        _all[number].Dial = Slot.None;
        _dials -= first == 0 ? 1 : 0;
    }

    /// <summary>Gives a number back. Nothing of it is in flight, and no dial has it.</summary>
    public void Free(int number)
    {
        uint generation = _all[number].Generation;
        _all[number] = new DialAttempt
        {
            Fd = Slot.NoSocket, Dial = Slot.None, Generation = generation, Next = _free,
        };
        _free = number + 1;
        Count--;
    }

    /// <summary>Whether a completion is about the attempt that has the number now.</summary>
    public bool IsCurrent(int number, uint generation) =>
        (uint)number < (uint)Used && _all[number].Generation == generation && _all[number].IsInFlight;
}
