using System.Runtime.CompilerServices;
using Gain.Sessions;

namespace Gain;

/// <summary>
/// What a session awaits of its connection: the members of <see cref="SessionContext"/> say what its result
/// means. It is awaited at once, on the worker.
/// </summary>
public readonly struct SessionWait : ICriticalNotifyCompletion
{
    /// <summary>A delay without an end of its own, in milliseconds.</summary>
    internal const int Forever = -1;

    private readonly SessionHost? _host;
    private readonly int _slot;
    private readonly uint _generation;
    private readonly int _delayMs;
    private readonly SessionWaitKind _kind;

    internal SessionWait(SessionHost? host, int slot, uint generation, SessionWaitKind kind, int delayMs = 0)
    {
        _host = host;
        _slot = slot;
        _generation = generation;
        _delayMs = delayMs;
        _kind = kind;
    }

    /// <summary>Whether the result is there without waiting.</summary>
    /// <exception cref="InvalidOperationException">The session waits already.</exception>
    /// <exception cref="SessionEndedException">The connection is over.</exception>
    public bool IsCompleted => SessionHost.Of(_host).IsReady(_slot, _generation, _kind);

    /// <summary>For the compiler.</summary>
    public SessionWait GetAwaiter() => this;

    /// <summary>The result.</summary>
    /// <exception cref="InvalidOperationException">There is none yet: it is awaited, and not waited for.
    /// </exception>
    public bool GetResult() => SessionHost.Of(_host).TakeResult();

    /// <summary>For the compiler.</summary>
    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    /// <summary>For the compiler.</summary>
    public void UnsafeOnCompleted(Action continuation) =>
        Attach(_host!.BoxOf(continuation, _slot, _generation));

    internal void Attach(SessionBox box) => _host!.Wait(_slot, _kind, _delayMs, box);
}
