namespace Gain.Uring;

/// <summary>
/// As <see cref="CompletionBatch"/>, of completions of 32 bytes: from <see
/// cref="Ring.TakeLargeCompletions"/>.
/// </summary>
public ref struct LargeCompletionBatch
{
    private CompletionBatch _batch;

    internal LargeCompletionBatch(CompletionBatch batch) => _batch = batch;

    /// <summary>The completion that the loop is at, by value.</summary>
    public readonly LargeCompletionEntry Current => _batch.CurrentLarge;

    /// <summary>Where <c>foreach</c> starts.</summary>
    /// <returns>The batch itself.</returns>
    public readonly LargeCompletionBatch GetEnumerator() => this;

    /// <summary>Goes to the next completion.</summary>
    /// <returns>False when there is none.</returns>
    public bool MoveNext() => _batch.MoveNext();

    /// <summary>Gives the places back; <c>foreach</c> calls it.</summary>
    public readonly void Dispose() => _batch.Dispose();
}
