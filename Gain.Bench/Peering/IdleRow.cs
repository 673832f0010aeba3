namespace Gain.Bench.Peering;

/// <summary>What idle connections cost a server.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Connections">How many.</param>
/// <param name="BytesPerConnection">The growth of its resident memory over their number.</param>
/// <param name="RssKiB">Its resident memory with all of them.</param>
/// <param name="CpuTicks">The CPU time it took in five seconds, in ticks of 10 ms.</param>
/// <param name="Failure">Why it does not count; else null.</param>
internal sealed record IdleRow(
    string Server, int Connections, double BytesPerConnection, long RssKiB, double CpuTicks, string? Failure);
