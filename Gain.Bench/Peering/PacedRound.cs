namespace Gain.Bench.Peering;

/// <summary>A server at a fixed rate, once. Times are in microseconds, from when a message was due.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Number">The round.</param>
/// <param name="P50Us">The median.</param>
/// <param name="P99Us">What 99 of 100 messages did not exceed.</param>
/// <param name="P999Us">What 999 of 1,000 did not.</param>
/// <param name="MaxUs">The longest.</param>
/// <param name="ServerCpuShare">The server's CPU time over the time of the run.</param>
/// <param name="Failure">Why it does not count; else null.</param>
internal sealed record PacedRound(
    string Server,
    int Number,
    double P50Us,
    double P99Us,
    double P999Us,
    double MaxUs,
    double ServerCpuShare,
    string? Failure);
