using System.Runtime.CompilerServices;
using Gain.Sessions;

namespace Gain;

/// <summary>As <see cref="Part"/>, with a result.</summary>
/// <typeparam name="TResult">The type of the result.</typeparam>
[AsyncMethodBuilder(typeof(PartBuilder<>))]
public readonly struct Part<TResult>
{
    // Null where the method has ended without waiting; then there is the result.
    private readonly PartBox<TResult>? _box;
    private readonly uint _use;
    private readonly TResult _result;

    internal Part(TResult result)
    {
        _box = null;
        _use = 0;
        _result = result;
    }

    internal Part(PartBox<TResult> box)
    {
        _box = box;
        _use = box.Use;
        _result = default!;
    }

    /// <summary>For the compiler.</summary>
    public Awaiter GetAwaiter() => new(this);

    /// <summary>For the compiler.</summary>
    public readonly struct Awaiter : ICriticalNotifyCompletion, IPartAwaiter
    {
        private readonly Part<TResult> _part;

        internal Awaiter(Part<TResult> part) => _part = part;

        /// <summary>Whether the method has ended.</summary>
        public bool IsCompleted => _part._box is not { } box || box.IsOver(_part._use);

        /// <summary>The method's result; throws what it has thrown.</summary>
        /// <exception cref="InvalidOperationException">It has not ended, or was awaited before.</exception>
        public TResult GetResult() => _part._box is { } box ? box.TakeResult(_part._use) : _part._result;

        /// <summary>For the compiler.</summary>
        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        /// <summary>For the compiler.</summary>
        public void UnsafeOnCompleted(Action continuation)
        {
            SessionBox awaited = _part._box!.Host.TakeAwaited();
            awaited.AttachOuter(awaited.Host.BoxOf(continuation, awaited.Slot, awaited.Generation));
        }
    }
}
