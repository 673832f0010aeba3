namespace Gain.Slots;

/// <summary>The deadlines of the connections, in the worker's timing wheel.</summary>
internal sealed unsafe partial class SlotTable
{
    // A power of two; see SlotTimer.
    private const int TimersPerSlot = 4;

    /// <summary>Room for the timers of the worker itself; behind it are those that it was made with
    /// more.</summary>
    public const int OwnTimers = 8;

    /// <summary>
    /// The deadlines of the connections, and from <see cref="FirstOwnTimer"/> on those of the worker.
    /// </summary>
    public TimerWheel Timers { get; }

    /// <summary>The first timer that belongs to no slot.</summary>
    public int FirstOwnTimer => Capacity * TimersPerSlot;

    /// <summary>The slot that a timer belongs to.</summary>
    public static int SlotOf(int timer) => timer / TimersPerSlot;

    /// <summary>Which of its slot's timers it is.</summary>
    public static SlotTimer KindOf(int timer) => (SlotTimer)(timer % TimersPerSlot);

    /// <summary>Arms a slot's timer, or moves it.</summary>
    public void ArmTimer(int index, SlotTimer timer, long dueMs) =>
        Timers.Arm(TimerOf(index, timer), NowMs, dueMs);

    /// <summary>Cancels a slot's timer; without effect when it is not armed.</summary>
    public void CancelTimer(int index, SlotTimer timer) =>
        Timers.Cancel(TimerOf(index, timer));

    /// <summary>Whether a slot's timer is armed.</summary>
    public bool HasTimer(int index, SlotTimer timer) =>
        Timers.IsArmed(TimerOf(index, timer));

    /// <summary>Arms the timer of the handler's own, unless the connection is on its way out.</summary>
    public void SetUserTimer(ref Slot slot, long aheadMs)
    {
        bool mayTime = slot.Address < TimersOf.Length ? TimersOf[slot.Address] : HasUserTimers;
        if (!mayTime)
        {
            throw new InvalidOperationException(
                "A timer was set, but the protocol declares no OnTimer(Connection) for it to call.");
        }

        if (!slot.IsEnding)
        {
            // The next millisecond at the earliest, so that one turn calls OnTimer once.
            ArmTimer(IndexOf(ref slot), SlotTimer.User, NowMs + Math.Max(1, aheadMs));
        }
    }

    private static int TimerOf(int index, SlotTimer timer) => (index * TimersPerSlot) + (int)timer;
}
