using System.Numerics;
using System.Runtime.CompilerServices;

namespace Gain.Slots;

/// <remarks>
/// What is in flight is a bit for each operation, and their number is counted from the bits, so that the two
/// cannot differ. One that begins twice, or ends without having begun, would keep the slot, and with it the
/// worker, forever, or free it too early: both throw.
/// </remarks>
internal partial struct Slot
{
    private const int CancelsAbove = (int)SlotOperation.CancelReceive - (int)SlotOperation.Receive;

    /// <summary>Operations in flight: receive, send, wait, connect, cancellations.</summary>
    public readonly int InFlight => BitOperations.PopCount((uint)(_flags & SlotFlags.InFlight));

    public readonly bool IsReceiving => Has(SlotFlags.Receiving);

    public readonly bool IsSending => Has(SlotFlags.Sending);

    /// <summary>
    /// Whether a send may be armed: none is in flight, and no cancellation, of which it is not known which
    /// send it hits.
    /// </summary>
    public readonly bool MaySend => !Has(SlotFlags.Sending | SlotFlags.CancelingSend);

    /// <summary>Whether a receive is wanted, and may be armed.</summary>
    public readonly bool MayReceive => !Has(SlotFlags.NoReceive);

    /// <summary>Whether the wait for the peer's reset may be armed.</summary>
    public readonly bool MayAwaitHangUp =>
        !Has(SlotFlags.AwaitingHangUp | SlotFlags.CancelingHangUp | SlotFlags.Ending);

    /// <summary>Whether it has ended, nothing of it is in flight, and it is in no list.</summary>
    public readonly bool MayBeFreed =>
        (_flags & (SlotFlags.InFlight | SlotFlags.Ended | SlotFlags.Pending | SlotFlags.Starved))
            == SlotFlags.Ended;

    /// <summary>Whether an operation is in flight and is not being cancelled.</summary>
    /// <param name="target">The receive, the send, the wait or the connect.</param>
    public readonly bool MayCancel(SlotOperation target)
    {
        SlotFlags inFlight = FlagOf(target);
        return (_flags & (inFlight | FlagOf(target + CancelsAbove))) == inFlight;
    }

    /// <summary>The cancellation of an operation.</summary>
    public static SlotOperation CancelOf(SlotOperation target) => target + CancelsAbove;

    /// <summary>An operation is in flight from now on.</summary>
    /// <param name="index">The slot's index, for the message.</param>
    /// <param name="operation">Which one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Begin(int index, SlotOperation operation)
    {
        if (Has(FlagOf(operation)))
        {
            ThrowInFlight(index, operation, "began, and was in flight already");
        }

        _flags |= FlagOf(operation);
    }

    /// <summary>An operation has ended: its last completion is here.</summary>
    /// <param name="index">The slot's index, for the message.</param>
    /// <param name="operation">Which one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void End(int index, SlotOperation operation)
    {
        if (!Has(FlagOf(operation)))
        {
            ThrowInFlight(index, operation, "ended, and was not in flight");
        }

        _flags &= ~FlagOf(operation);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static SlotFlags FlagOf(SlotOperation operation) => (SlotFlags)(1u << (int)operation);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void ThrowInFlight(int index, SlotOperation operation, string what) =>
        throw new InvalidOperationException(
            $"Slot {index}: {operation} {what}. In flight: {ListInFlight()}.");

    // By the names of the operations; the flags are nobody else's.
    private readonly string ListInFlight()
    {
        string list = "";
        foreach (SlotOperation operation in Enum.GetValues<SlotOperation>())
        {
            if (Has(FlagOf(operation)))
            {
                list += list.Length == 0 ? $"{operation}" : $", {operation}";
            }
        }

        return list.Length == 0 ? "nothing" : list;
    }
}
