namespace Gain.Bench.Peering;

/// <summary>What the open-loop generator prints.</summary>
/// <param name="Messages">That were due in the measured time, and came back.</param>
/// <param name="Errors">Wrong bytes, ended connections and messages that did not come back.</param>
/// <param name="ServerCpuShare">The server's CPU time over the time of the run.</param>
internal sealed record PacedReport(long Messages, long Errors, double ServerCpuShare);
