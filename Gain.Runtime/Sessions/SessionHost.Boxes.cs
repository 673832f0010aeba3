using System.Diagnostics.CodeAnalysis;
using Gain.Slots;

namespace Gain.Sessions;

/// <remarks>
/// The boxes: a pool for each kind, which keeps as many as have been in use at the same time.
/// </remarks>
internal abstract unsafe partial class SessionHost
{
    /// <summary>Of no pool.</summary>
    public const int NoKind = -1;

    private static int s_kinds;

    // By kind, the first one that is free; the others follow by Next.
    private SessionNode?[] _free = [];

    /// <summary>The part that was asked whether it has ended, and has not: what is awaited next.</summary>
    public SessionBox? Awaited { get; set; }

    /// <summary>A kind of boxes, for all workers.</summary>
    public static int AddKind() => Interlocked.Increment(ref s_kinds) - 1;

    /// <summary>Takes a free box.</summary>
    public SessionBox? TakePooled(int kind)
    {
        if (kind >= _free.Length || _free[kind] is not SessionBox box)
        {
            return null;
        }

        _free[kind] = box.Next;
        box.Next = null;
        return box;
    }

    /// <summary>A box is for the session that is running.</summary>
    public void Give(SessionBox box)
    {
        if (_slot == Slot.None)
        {
            ThrowNotRunning();
        }

        box.Slot = _slot;
        box.Generation = _generation;
        box.IsEndDue = false;
        box.HoldPlace = -1;
    }

    /// <summary>Gives a box back that has returned.</summary>
    public void Pool(SessionBox box)
    {
        box.Clear();
        if (box.Kind >= _free.Length)
        {
            MakeRoom(box.Kind);
        }

        box.Next = _free[box.Kind];
        _free[box.Kind] = box;
    }

    /// <summary>The part that is awaited, when a method begins to wait.</summary>
    public SessionBox TakeAwaited()
    {
        SessionBox awaited = Awaited!;
        Awaited = null;
        return awaited;
    }

    /// <summary>What a method of another kind goes on with.</summary>
    public SessionBox BoxOf(Action continuation, int slot, uint generation) =>
        new ActionBox(this, continuation) { Slot = slot, Generation = generation };

    [AllowAllocation("Once for each kind of boxes that is new.")]
    private void MakeRoom(int kind) => Array.Resize(ref _free, Math.Max(s_kinds, kind + 1));

    [DoesNotReturn]
    private static void ThrowNotRunning() => throw new InvalidOperationException(
        "A Part waits only where a session or one of its parts has called it: not in a callback, and not in "
        + "a method that returns a Task, behind its first await.");
}
