using System.Runtime.CompilerServices;

namespace Gain.Sessions;

/// <summary>Where a session, or a part of one, waits.</summary>
internal static class SessionAwaits
{
    /// <summary>Notes with an awaiter of the compiler's choice what goes on when it is done.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AwaitUnsafe<TAwaiter>(ref TAwaiter awaiter, SessionBox box)
        where TAwaiter : ICriticalNotifyCompletion
    {
        if (typeof(TAwaiter) == typeof(SessionWait))
        {
            Unsafe.As<TAwaiter, SessionWait>(ref awaiter).Attach(box);
        }
        else if (AwaiterKind<TAwaiter>.IsPart)
        {
            box.Host.TakeAwaited().AttachOuter(box);
        }
        else
        {
            AwaitForeign(ref awaiter, box);
        }
    }

    /// <summary>As the other, for awaiters that flow the execution context themselves.</summary>
    public static void Await<TAwaiter>(ref TAwaiter awaiter, SessionBox box)
        where TAwaiter : INotifyCompletion
    {
        SynchronizationContext? context = box.Host.BeginAway(box);
        try
        {
            awaiter.OnCompleted(box.ComeBack);
        }
        catch
        {
            box.Host.CancelAway(box);
            throw;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    // The box comes back by its own queue: by way of the synchronization context it would be posted twice.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AwaitForeign<TAwaiter>(ref TAwaiter awaiter, SessionBox box)
        where TAwaiter : ICriticalNotifyCompletion
    {
        SynchronizationContext? context = box.Host.BeginAway(box);
        try
        {
            awaiter.UnsafeOnCompleted(box.ComeBack);
        }
        catch
        {
            box.Host.CancelAway(box);
            throw;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
