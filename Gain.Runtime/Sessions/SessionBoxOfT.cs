using System.Runtime.CompilerServices;

namespace Gain.Sessions;

/// <summary>A session that waits.</summary>
/// <typeparam name="TStateMachine">What the compiler has made of the method.</typeparam>
internal sealed class SessionBox<TStateMachine> : SessionBox
    where TStateMachine : IAsyncStateMachine
{
    private static readonly int s_kind = SessionHost.AddKind();

    public TStateMachine Machine = default!;

    private SessionBox(SessionHost host)
        : base(host, s_kind)
    {
    }

    /// <summary>Takes one out of the pool, for what is running.</summary>
    public static SessionBox<TStateMachine> Rent(SessionHost host)
    {
        SessionBox? pooled = host.TakePooled(s_kind);
        SessionBox<TStateMachine> box = pooled is null
            ? new SessionBox<TStateMachine>(host)
            : Unsafe.As<SessionBox<TStateMachine>>(pooled);
        host.Give(box);
        return box;
    }

    public override void MoveNext() => Machine.MoveNext();

    public override void Clear() => Machine = default!;
}
