namespace Gain.Uring;

/// <summary>How many worker threads the kernel may have for a ring.</summary>
public readonly record struct WorkerLimits
{
    /// <summary>Makes one of its parts.</summary>
    /// <param name="bounded">For what ends by itself, as reads of files; 0: as it is.</param>
    /// <param name="unbounded">For what can take forever, as reads of sockets; 0: as it is.</param>
    public WorkerLimits(uint bounded, uint unbounded)
    {
        Bounded = bounded;
        Unbounded = unbounded;
    }

    /// <summary>For what ends by itself, as reads of files; 0: as it is.</summary>
    public uint Bounded { get; init; }

    /// <summary>For what can take forever, as reads of sockets; 0: as it is.</summary>
    public uint Unbounded { get; init; }
}
