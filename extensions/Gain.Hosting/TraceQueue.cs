namespace Gain.Hosting;

/// <summary>
/// A queue of fixed size from many threads to one, without a lock and without an allocation after its making:
/// workers write to it.
/// </summary>
/// <remarks>
/// Each place has a turn. It is the place's position in the order of all records when a producer may fill it,
/// one more when the consumer may take it, and the capacity more when the next round may fill it.
/// </remarks>
internal sealed class TraceQueue
{
    private readonly Place[] _places;
    private readonly long _mask;
    private long _filled;
    private long _taken;

    /// <param name="capacity">A power of two.</param>
    public TraceQueue(int capacity)
    {
        _places = new Place[capacity];
        _mask = capacity - 1;
        for (int i = 0; i < capacity; i++)
        {
            _places[i].Turn = i;
        }
    }

    /// <summary>Puts a record in. Any thread.</summary>
    /// <returns>False when it is full.</returns>
    public bool TryAdd(in EndedTrace record)
    {
        long position = Volatile.Read(ref _filled);
        while (true)
        {
            ref Place place = ref _places[position & _mask];

            // Pairs with the write of the turn in TryTake: the record of the round before is copied by then.
            long turn = Volatile.Read(ref place.Turn);
            if (turn < position)
            {
                return false;
            }

            if (turn == position
                && Interlocked.CompareExchange(ref _filled, position + 1, position) == position)
            {
                place.Record = record;

                // Pairs with the read of the turn in TryTake: the record is whole before it is seen.
                Volatile.Write(ref place.Turn, position + 1);
                return true;
            }

            position = Volatile.Read(ref _filled);
        }
    }

    /// <summary>Takes the oldest record. One thread at a time.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryTake(out EndedTrace record)
    {
        ref Place place = ref _places[_taken & _mask];
        if (Volatile.Read(ref place.Turn) != _taken + 1)
        {
            record = default;
            return false;
        }

        record = place.Record;
        Volatile.Write(ref place.Turn, _taken + _places.Length);
        _taken++;
        return true;
    }

    private struct Place
    {
        public long Turn;
        public EndedTrace Record;
    }
}
