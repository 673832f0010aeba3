using System.Text.Json.Serialization;

namespace Gain.Bench.Racing;

/// <summary>One server under one load, once.</summary>
/// <param name="Load">The load's name.</param>
/// <param name="Number">The round; all servers' results of the same number form a pair.</param>
/// <param name="Server">The server's name.</param>
/// <param name="Report">What was measured; null when nothing could be.</param>
/// <param name="Failure">Why nothing could be measured, or why the report does not count; else null.</param>
internal sealed record Round(string Load, int Number, string Server, LoadReport? Report, string? Failure)
{
    // More, and what was measured is how it waits for what is gone.
    private const double MostLost = 0.001;

    /// <summary>Whether the figures count.</summary>
    [JsonIgnore]
    public bool Counts => Failure is null;

    /// <summary>
    /// A round that ran; it fails all the same when answers were wrong or missing, or more than one datagram
    /// in a thousand was lost.
    /// </summary>
    public static Round Of(string load, int number, string server, LoadReport report) =>
        new(load, number, server, report, report switch
        {
            { Errors: > 0 } => $"{report.Errors} errors",
            { Messages: 0 } => "no message was answered",
            _ when report.Lost > report.Messages * MostLost =>
                $"{report.Lost} datagrams of {report.Messages} were lost",
            _ => null,
        });
}
