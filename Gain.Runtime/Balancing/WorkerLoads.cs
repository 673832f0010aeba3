namespace Gain;

/// <summary>
/// How many connections each worker has: those that it serves, closes, or is about to be handed. Workers
/// close connections meanwhile, so the same index can give two numbers.
/// </summary>
public readonly ref struct WorkerLoads
{
    // The workers' counts lie apart, so that those who count do not slow each other down.
    private readonly ReadOnlySpan<int> _counts;
    private readonly int _stride;

    /// <summary>Makes up loads, for tests of balancers.</summary>
    /// <param name="counts">The connections of each worker.</param>
    public WorkerLoads(ReadOnlySpan<int> counts)
        : this(counts, stride: 1)
    {
    }

    internal WorkerLoads(ReadOnlySpan<int> counts, int stride)
    {
        _counts = counts;
        _stride = stride;
        Count = counts.Length / stride;
    }

    /// <summary>The number of workers.</summary>
    public int Count { get; }

    /// <summary>The connections of a worker.</summary>
    /// <param name="worker">Its index: 0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such worker.</exception>
    public int this[int worker] => _counts[worker * _stride];

    /// <summary>Finds the worker with the fewest connections.</summary>
    /// <returns>Its index; of several, the lowest.</returns>
    public int FindLeastLoaded()
    {
        int least = 0;
        int fewest = int.MaxValue;
        for (int worker = 0; worker < Count; worker++)
        {
            int count = this[worker];
            if (count < fewest)
            {
                least = worker;
                fewest = count;
            }
        }

        return least;
    }
}
