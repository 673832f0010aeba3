using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Gain.Sessions;

namespace Gain;

/// <summary>As <see cref="PartBuilder"/>, with a result.</summary>
/// <typeparam name="TResult">The type of the result.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct PartBuilder<TResult>
{
    private PartBox<TResult>? _box;
    private TResult _result;

    /// <summary>For the compiler.</summary>
    public static PartBuilder<TResult> Create() => default;

    /// <summary>For the compiler.</summary>
    public readonly Part<TResult> Task =>
        _box is { } box ? new Part<TResult>(box) : new Part<TResult>(_result);

    /// <summary>For the compiler.</summary>
    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine => stateMachine.MoveNext();

    /// <summary>For the compiler.</summary>
    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    /// <summary>For the compiler.</summary>
    public void SetResult(TResult result)
    {
        if (_box is { } box)
        {
            box.End(result, null);
        }
        else
        {
            _result = result;
        }
    }

    /// <summary>For the compiler.</summary>
    public readonly void SetException(Exception exception)
    {
        if (_box is { } box)
        {
            box.End(default!, exception);
        }
        else
        {
            // It has not waited: whoever calls it is on the stack.
            ExceptionDispatchInfo.Throw(exception);
        }
    }

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

        PartBox<TResult, TStateMachine> box =
            PartBox<TResult, TStateMachine>.Rent(SessionHost.Demand());

        // In this order: the state machine that is copied holds this builder.
        _box = box;
        box.Machine = stateMachine;
        return box;
    }
}
