namespace Gain;

public sealed partial class GainOptions
{
    /// <summary>
    /// Which threads accept: every worker for itself, or one acceptor for all. Default: <c>Sharding</c>,
    /// every worker.
    /// </summary>
    public GainArchitecture Architecture { get; set; } = GainArchitecture.Sharding;

    /// <summary>
    /// How the acceptor of <see cref="GainArchitecture.Reactor"/> picks a connection's worker. Default:
    /// <c>RoundRobin</c>. Under <c>Sharding</c> the kernel picks, and any other value is an error.
    /// </summary>
    public GainBalancing Balancing { get; set; } = GainBalancing.RoundRobin;

    /// <summary>
    /// A worker that has this many connections more than the least busy worker hands newly accepted ones over
    /// to it: 1 to 16,777,216. Default: null, for no hand-over. Under <c>Sharding</c> the kernel spreads
    /// connections by chance: when they are few and long, one worker can get most of them. Each hand-over can
    /// wake another thread, and a worker at this number reads the counts of all workers at every accept, so
    /// choose a difference that matters. <c>Reactor</c> balances by itself, and does not allow this option.
    /// </summary>
    public int? HandOverExcess { get; set; }
}
