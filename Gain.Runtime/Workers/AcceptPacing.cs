namespace Gain.Workers;

/// <summary>
/// What a thread has accepted sooner than <c>GainOptions.MaxAcceptsPerSecond</c> allows: at most one socket
/// of each of its listeners, which accepts no other until that one's moment has come.
/// </summary>
internal static class AcceptPacing
{
    /// <summary>When none waits.</summary>
    public const long Never = long.MaxValue;

    /// <summary>Lets an accepted socket wait, if it has to.</summary>
    /// <returns>Whether it does.</returns>
    public static bool TryHold(ref Listener listener, int fd, Admission admission, long nowMs)
    {
        long waitMs = admission.ReserveAccept(nowMs);
        if (waitMs == 0)
        {
            return false;
        }

        listener.Early = fd;
        listener.EarlyUntilMs = nowMs + waitMs;
        return true;
    }

    /// <summary>When the next socket's moment comes; <see cref="Never"/> when none waits.</summary>
    public static long NextMs(ReadOnlySpan<Listener> listeners)
    {
        long next = Never;
        foreach (ref readonly Listener listener in listeners)
        {
            if (listener.Early >= 0)
            {
                next = Math.Min(next, listener.EarlyUntilMs);
            }
        }

        return next;
    }

    /// <summary>Takes a socket whose moment has come.</summary>
    /// <param name="listeners">The thread's listeners.</param>
    /// <param name="nowMs">The thread's clock; <see cref="Never"/> for all that wait.</param>
    /// <param name="index">The listener that accepted it.</param>
    /// <param name="fd">The socket.</param>
    public static bool TryTake(Span<Listener> listeners, long nowMs, out int index, out int fd)
    {
        for (index = 0; index < listeners.Length; index++)
        {
            ref Listener listener = ref listeners[index];
            if (listener.Early >= 0 && listener.EarlyUntilMs <= nowMs)
            {
                fd = listener.Early;
                listener.Early = -1;
                return true;
            }
        }

        fd = -1;
        return false;
    }
}
