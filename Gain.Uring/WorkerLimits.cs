namespace Gain.Uring;

/// <summary>How many worker threads the kernel may have for a ring.</summary>
/// <param name="Bounded">For what ends by itself, as reads of files; 0: as it is.</param>
/// <param name="Unbounded">For what can take forever, as reads of sockets; 0: as it is.</param>
public readonly record struct WorkerLimits(uint Bounded, uint Unbounded);
