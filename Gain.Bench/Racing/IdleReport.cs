namespace Gain.Bench.Racing;

/// <summary>What the load generator prints after holding idle connections.</summary>
/// <param name="Opened">How many it could open.</param>
/// <param name="ConnectPerS">How fast.</param>
/// <param name="RssBeforeKb">The server's resident memory before the first.</param>
/// <param name="RssKb">And with all of them.</param>
/// <param name="UserBytesPerConnection">The difference over their number.</param>
/// <param name="IdleSeconds">How long the server was watched.</param>
/// <param name="IdleCpuTicks">The CPU time it took meanwhile, in ticks of 10 ms.</param>
internal sealed record IdleReport(
    int Opened,
    double ConnectPerS,
    long RssBeforeKb,
    long RssKb,
    double UserBytesPerConnection,
    double IdleSeconds,
    double IdleCpuTicks);
