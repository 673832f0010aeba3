namespace Gain.Bench.Racing;

/// <summary>What the load generator prints after a closed loop, there in snake case.</summary>
/// <param name="Messages">Answered within the measured time.</param>
/// <param name="PerS">The same by the second.</param>
/// <param name="Errors">Connections that were cut, wrong answers, and connections without an answer.</param>
/// <param name="P50Us">The median time of a batch, from its first byte to the last of its answers.</param>
/// <param name="P99Us">What 99 of 100 batches did not exceed.</param>
/// <param name="P999Us">What 999 of 1,000 did not.</param>
/// <param name="ServerCpuShare">The server's CPU time over the measured time.</param>
/// <param name="ServerNsPerMessage">The server's CPU time over the messages.</param>
/// <param name="ServerRssKb">The server's resident memory at the end.</param>
/// <param name="Lost">Datagrams that did not come back in time.</param>
internal sealed record LoadReport(
    long Messages,
    double PerS,
    long Errors,
    double P50Us,
    double P99Us,
    double P999Us,
    double ServerCpuShare,
    double ServerNsPerMessage,
    long ServerRssKb,
    long Lost = 0);
