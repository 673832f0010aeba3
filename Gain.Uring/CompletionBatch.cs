using System.Runtime.CompilerServices;

namespace Gain.Uring;

/// <summary>
/// The completions that are there, for <c>foreach</c>: from <see cref="Ring.TakeCompletions"/>. Their places
/// are given back together when the loop ends. After <c>break</c> or an exception, only the places that the
/// loop has reached are given back.
/// </summary>
/// <remarks>
/// On the ring's thread. The loop has the completions that are there when it starts; later ones are for the
/// next loop. The loop can submit. It cannot start another loop, call <see cref="Ring.AdvanceCompletions"/>,
/// or resize or dispose of the ring: that throws <see cref="InvalidOperationException"/>. Leave the loop
/// first.
/// </remarks>
public readonly ref struct CompletionBatch
{
    private readonly Ring _ring;

    internal CompletionBatch(Ring ring) => _ring = ring;

    /// <summary>Where <c>foreach</c> starts.</summary>
    /// <returns>The loop, to be disposed of as <c>foreach</c> does.</returns>
    /// <exception cref="InvalidOperationException">Another loop has not ended.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Enumerator GetEnumerator() => new(_ring);

    /// <summary>A loop over the completions.</summary>
    public unsafe ref struct Enumerator
    {
        // Null from its end on; and then there is no entry either, so that a late look at one finds out.
        private Ring? _ring;
        // SAFETY: in the completion ring, the loop's until it ends: only then may the kernel write there.
        private CompletionEntry* _current;
        private uint _next;
        private uint _end;

        // SAFETY: the entries are in the ring's mapping. They are looked at between this and Dispose only,
        // and in that time the ring refuses to unmap them.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Enumerator(Ring ring)
        {
            _ring = ring;
            _current = null;
            ring.OpenBatch(out _next, out _end);
        }

        /// <summary>
        /// The loop's current completion, in the ring: valid until the loop ends. Before the first and after
        /// the last there is no completion, and reading it throws a <see cref="NullReferenceException"/>. Do
        /// not copy the loop: a copy does not notice that the loop has ended.
        /// </summary>
        public readonly ref readonly CompletionEntry Current
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => ref *_current;
        }

        /// <summary>Goes to the next completion.</summary>
        /// <returns>False when there are no more.</returns>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool MoveNext()
        {
            if (_next == _end)
            {
                return false;
            }

            _current = _ring!.EntryAt(_next);
            _next++;
            return !_ring.IsMixed || SettleOnEntry();
        }

        /// <summary>Gives the places back; <c>foreach</c> calls it. A second call does nothing.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Dispose()
        {
            if (_ring is { } ring)
            {
                ring.CloseBatch(_next);
                _ring = null;
                _current = null;
                _end = _next;
            }
        }

        internal readonly LargeCompletionEntry CurrentLarge =>
            LargeCompletionEntry.Read(_current, _ring!.HasLargeCompletions);

        // In a mixed ring a completion can take two places, and fillers stand before the end of the ring.
        private bool SettleOnEntry()
        {
            while (_current->IsFiller)
            {
                if (_next == _end)
                {
                    return false;
                }

                _current = _ring!.EntryAt(_next);
                _next++;
            }

            if (_current->IsLarge)
            {
                _next++;
            }

            return true;
        }
    }
}
