using System.Runtime.CompilerServices;

namespace Gain.Sessions;

/// <summary>A part that waits.</summary>
/// <typeparam name="TResult">The type of its result.</typeparam>
/// <typeparam name="TStateMachine">What the compiler has made of the method.</typeparam>
internal sealed class PartBox<TResult, TStateMachine> : PartBox<TResult>
    where TStateMachine : IAsyncStateMachine
{
    private static readonly int s_kind = SessionHost.AddKind();

    public TStateMachine Machine = default!;

    private PartBox(SessionHost host)
        : base(host, s_kind)
    {
    }

    /// <summary>Takes one out of the pool, for what is running.</summary>
    public static PartBox<TResult, TStateMachine> Rent(SessionHost host)
    {
        SessionBox? pooled = host.TakePooled(s_kind);
        PartBox<TResult, TStateMachine> box = pooled is null
            ? new PartBox<TResult, TStateMachine>(host)
            : Unsafe.As<PartBox<TResult, TStateMachine>>(pooled);
        host.Give(box);
        return box;
    }

    public override void MoveNext() => Machine.MoveNext();

    public override void Clear() => Machine = default!;
}
