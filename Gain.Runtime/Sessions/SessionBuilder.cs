using System.ComponentModel;
using System.Runtime.CompilerServices;
using Gain.Sessions;

namespace Gain;

/// <summary>What the compiler makes sessions with.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct SessionBuilder
{
    private SessionBox? _box;

    /// <summary>For the compiler.</summary>
    public static SessionBuilder Create() => default;

    /// <summary>For the compiler.</summary>
    public readonly Session Task => default;

    /// <summary>For the compiler.</summary>
    /// <exception cref="InvalidOperationException">It is not Gain that starts the session.</exception>
    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine
    {
        SessionHost.Demand().TakeStart();
        stateMachine.MoveNext();
    }

    /// <summary>For the compiler.</summary>
    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    /// <summary>For the compiler.</summary>
    public readonly void SetResult() => SessionHost.Demand().Finish(_box);

    /// <summary>For the compiler.</summary>
    public readonly void SetException(Exception exception) => SessionHost.Demand().Fail(_box, exception);

    /// <summary>For the compiler.</summary>
    public void AwaitOnCompleted<TAwaiter, TStateMachine>(
        ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine =>
        SessionAwaits.Await(ref awaiter, Box(ref stateMachine));

    /// <summary>For the compiler.</summary>
    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(
        ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine =>
        SessionAwaits.AwaitUnsafe(ref awaiter, Box(ref stateMachine));

    private SessionBox Box<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine
    {
        if (_box is { } known)
        {
            return known;
        }

        SessionBox<TStateMachine> box = SessionBox<TStateMachine>.Rent(SessionHost.Demand());

        // In this order: the state machine that is copied holds this builder.
        _box = box;
        box.Machine = stateMachine;
        return box;
    }
}
