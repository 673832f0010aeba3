namespace Gain.Bench.RingCases;

/// <summary>Work for a ring that <c>baselines/uring.c</c> does too, in C with liburing.</summary>
internal interface IRingCase : IDisposable
{
    /// <summary>Does at least this many operations, and checks each result.</summary>
    /// <exception cref="BenchException">A result is wrong.</exception>
    void Run(int operations);
}
