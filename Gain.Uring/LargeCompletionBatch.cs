namespace Gain.Uring;

/// <summary>
/// Like <see cref="CompletionBatch"/>, but of completions of 32 bytes: from <see
/// cref="Ring.TakeLargeCompletions"/>.
/// </summary>
public readonly ref struct LargeCompletionBatch
{
    private readonly CompletionBatch _batch;

    internal LargeCompletionBatch(CompletionBatch batch) => _batch = batch;

    /// <summary>Where <c>foreach</c> starts.</summary>
    /// <returns>The same as <see cref="CompletionBatch.GetEnumerator"/>.</returns>
    /// <exception cref="InvalidOperationException">Another loop has not ended.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public Enumerator GetEnumerator() => new(_batch.GetEnumerator());

    /// <summary>A loop over the completions.</summary>
    public ref struct Enumerator
    {
        private CompletionBatch.Enumerator _loop;

        internal Enumerator(CompletionBatch.Enumerator loop) => _loop = loop;

        /// <summary>The loop's current completion, by value.</summary>
        public readonly LargeCompletionEntry Current => _loop.CurrentLarge;

        /// <summary>Goes to the next completion.</summary>
        /// <returns>False when there are no more.</returns>
        public bool MoveNext() => _loop.MoveNext();

        /// <summary>Gives the places back; <c>foreach</c> calls it. A second call does nothing.</summary>
        public void Dispose() => _loop.Dispose();
    }
}
