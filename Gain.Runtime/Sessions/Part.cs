using System.Runtime.CompilerServices;
using Gain.Sessions;

namespace Gain;

/// <summary>
/// What an <c>async</c> method returns that a session calls, and that waits itself. It costs no memory once
/// as many have waited at the same time.
/// </summary>
/// <remarks>It is awaited once, on its session's worker. With a result it is a <see cref="Part{TResult}"/>.
/// </remarks>
[AsyncMethodBuilder(typeof(PartBuilder))]
public readonly struct Part
{
    private readonly Part<byte> _part;

    internal Part(Part<byte> part) => _part = part;

    /// <summary>For the compiler.</summary>
    public Awaiter GetAwaiter() => new(_part.GetAwaiter());

    /// <summary>For the compiler.</summary>
    public readonly struct Awaiter : ICriticalNotifyCompletion, IPartAwaiter
    {
        private readonly Part<byte>.Awaiter _awaiter;

        internal Awaiter(Part<byte>.Awaiter awaiter) => _awaiter = awaiter;

        /// <summary>Whether the method has ended.</summary>
        public bool IsCompleted => _awaiter.IsCompleted;

        /// <summary>Throws what the method has thrown.</summary>
        public void GetResult() => _awaiter.GetResult();

        /// <summary>For the compiler.</summary>
        public void OnCompleted(Action continuation) => _awaiter.OnCompleted(continuation);

        /// <summary>For the compiler.</summary>
        public void UnsafeOnCompleted(Action continuation) => _awaiter.OnCompleted(continuation);
    }
}
