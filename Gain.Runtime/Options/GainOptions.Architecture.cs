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
    /// By how many connections a worker may exceed the one with the fewest, before it hands newly accepted
    /// ones over to that one: 1 to 16,777,216. Default: null, for any number. Under <c>Sharding</c> the
    /// kernel spreads connections by chance, and of few that last for long one worker can get most. Each
    /// connection handed over may wake another thread, and a worker that has reached this number reads the
    /// counts of all workers at every accept: choose a difference that matters. <c>Reactor</c> balances by
    /// itself, and does not allow it.
    /// </summary>
    public int? HandOverExcess { get; set; }
}
