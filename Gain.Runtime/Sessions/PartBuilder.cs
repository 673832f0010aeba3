using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Gain;

/// <summary>What the compiler makes parts with.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct PartBuilder
{
    private PartBuilder<byte> _builder;

    /// <summary>For the compiler.</summary>
    public static PartBuilder Create() => default;

    /// <summary>For the compiler.</summary>
    public readonly Part Task => new(_builder.Task);

    /// <summary>For the compiler.</summary>
    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine => stateMachine.MoveNext();

    /// <summary>For the compiler.</summary>
    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    /// <summary>For the compiler.</summary>
    public void SetResult() => _builder.SetResult(0);

    /// <summary>For the compiler.</summary>
    public readonly void SetException(Exception exception) => _builder.SetException(exception);

    /// <summary>For the compiler.</summary>
    public void AwaitOnCompleted<TAwaiter, TStateMachine>(
        ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine =>
        _builder.AwaitOnCompleted(ref awaiter, ref stateMachine);

    /// <summary>For the compiler.</summary>
    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(
        ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine =>
        _builder.AwaitUnsafeOnCompleted(ref awaiter, ref stateMachine);
}
