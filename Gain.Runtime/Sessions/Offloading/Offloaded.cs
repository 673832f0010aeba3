using System.Diagnostics.CodeAnalysis;

namespace Gain;

/// <summary>What has come of work that a session has offloaded: its result, or a refusal.</summary>
/// <typeparam name="TResult">The type of the result.</typeparam>
public readonly struct Offloaded<TResult>
{
    private readonly TResult _result;
    private readonly bool _hasResult;

    internal Offloaded(TResult result)
    {
        _result = result;
        _hasResult = true;
    }

    /// <summary>
    /// Whether the work was not done, as <c>GainOptions.Limits.MaxOffloadsWaiting</c> waited already.
    /// </summary>
    [AllocationFree]
    public bool IsRefused => !_hasResult;

    /// <summary>The result.</summary>
    /// <exception cref="InvalidOperationException">It was refused: <see cref="TryGet"/> tells it.</exception>
    [AllocationFree]
    public TResult Result => _hasResult ? _result : throw new InvalidOperationException(
        "The work was refused, as GainOptions.Limits.MaxOffloadsWaiting waited already: ask IsRefused, or "
        + "use TryGet.");

    /// <summary>The result, if there is one.</summary>
    /// <param name="result">The result; the default value where the work was refused.</param>
    /// <returns>Whether the work was done.</returns>
    [AllocationFree]
    public bool TryGet([MaybeNullWhen(false)] out TResult result)
    {
        result = _result;
        return _hasResult;
    }
}
