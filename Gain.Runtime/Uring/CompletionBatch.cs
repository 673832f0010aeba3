using System.Runtime.CompilerServices;
using Gain.Kernel;

namespace Gain.Uring;

/// <summary>
/// The completions that are there, for <c>foreach</c>: from <see cref="Ring.TakeCompletions"/>. Their places
/// are given back together, when the loop ends or is left: those that it came to, the last one included.
/// </summary>
/// <remarks>
/// On the ring's thread. Completions that arrive during the loop are for the next batch. The loop may submit;
/// it may not take another batch or call <see cref="Ring.AdvanceCompletions"/>.
/// </remarks>
public unsafe ref struct CompletionBatch
{
    private readonly Ring _ring;
    private readonly CompletionEntry* _entries;
    private readonly uint _mask;
    private readonly int _shift;
    private readonly bool _isMixed;
    private readonly uint _end;
    private uint _next;
    private CompletionEntry* _current;

    // SAFETY: the entries are in the ring's mapping, as long as that is not disposed of.
    internal CompletionBatch(Ring ring, uint head, uint end)
    {
        _ring = ring;
        ring.DescribeCompletions(out _entries, out _mask, out _shift, out _isMixed);
        _next = head;
        _end = end;
        _current = null;
    }

    /// <summary>The completion that the loop is at, in the ring: valid until the loop ends.</summary>
    public readonly ref readonly CompletionEntry Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref *_current;
    }

    /// <summary>Where <c>foreach</c> starts.</summary>
    /// <returns>The batch itself.</returns>
    public readonly CompletionBatch GetEnumerator() => this;

    /// <summary>Goes to the next completion.</summary>
    /// <returns>False when there is none.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MoveNext()
    {
        if (_next == _end)
        {
            return false;
        }

        _current = _entries + ((_next & _mask) << _shift);
        _next++;
        return !_isMixed || SettleOnEntry();
    }

    /// <summary>Gives the places back; <c>foreach</c> calls it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Dispose() => _ring.PassCompletions(_next);

    internal readonly LargeCompletionEntry CurrentLarge => LargeCompletionEntry.Read(_current, _shift != 0);

    // In a mixed ring a completion can take two places, and fillers stand before the end of the ring.
    private bool SettleOnEntry()
    {
        while ((_current->Flags & IORING_CQE.IORING_CQE_F_SKIP) != 0)
        {
            if (_next == _end)
            {
                return false;
            }

            _current = _entries + (_next & _mask);
            _next++;
        }

        if ((_current->Flags & IORING_CQE.IORING_CQE_F_32) != 0)
        {
            _next++;
        }

        return true;
    }
}
