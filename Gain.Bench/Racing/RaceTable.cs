using Gain.Bench.Tools;

namespace Gain.Bench.Racing;

/// <summary>Sums a race up: medians, and each server against the floor, round by round.</summary>
internal static class RaceTable
{
    private const string Missing = "-";

    /// <param name="rounds">What was run.</param>
    /// <param name="output">Where to.</param>
    /// <param name="against">The server that the others are held against.</param>
    public static void Print(
        IReadOnlyList<Round> rounds, TextWriter output, string against = Contender.FloorName)
    {
        var table = new TextTable(
            "load", "server", "ns/message", "ratio", "min-max", "per s", "p50 us", "p99 us", "CPU", "errors",
            "lost", "rounds");
        foreach (IGrouping<string, Round> load in rounds.GroupBy(round => round.Load))
        {
            foreach (IGrouping<string, Round> server in load.OrderBy(Rank).GroupBy(round => round.Server))
            {
                table.Add(Row(load.Key, server, [.. load], against));
            }
        }

        table.Print(output);
        foreach (Round failed in rounds.Where(round => !round.Counts))
        {
            output.WriteLine(
                $"FAILED {failed.Load}, round {failed.Number}, {failed.Server}: {failed.Failure}");
        }
    }

    // The order of the first round, which begins with the first server.
    private static int Rank(Round round) => round.Number;

    private static string[] Row(
        string load, IGrouping<string, Round> server, Round[] all, string against)
    {
        LoadReport[] counted = [.. server.Where(round => round.Counts).Select(round => round.Report!)];
        string errors = server.Sum(round => round.Report?.Errors ?? 0).ToString();
        string lost = server.Sum(round => round.Report?.Lost ?? 0).ToString();
        string ran = $"{counted.Length}/{server.Count()}";
        if (counted.Length == 0)
        {
            return [load, server.Key, .. Enumerable.Repeat(Missing, 7), errors, lost, ran];
        }

        (string ratio, string range) = Ratio(server, all, against);
        return
        [
            load,
            server.Key,
            Median(report => report.ServerNsPerMessage).ToString("0"),
            ratio,
            range,
            Median(report => report.PerS).ToString("N0"),
            Median(report => report.P50Us).ToString("0"),
            Median(report => report.P99Us).ToString("0"),
            Median(report => report.ServerCpuShare).ToString("0%"),
            errors,
            lost,
            ran,
        ];

        double Median(Func<LoadReport, double> figure) => Sample.Of(counted.Select(figure)).Median;
    }

    // Only rounds that count for both: a ratio of different rounds would compare different machines.
    private static (string Ratio, string Range) Ratio(
        IEnumerable<Round> server, Round[] all, string against)
    {
        Dictionary<int, double> floor = all
            .Where(round => round.Counts && round.Server == against)
            .ToDictionary(round => round.Number, round => round.Report!.ServerNsPerMessage);
        double[] ratios =
        [
            .. server.Where(round => round.Counts && floor.GetValueOrDefault(round.Number) > 0)
                .Select(round => round.Report!.ServerNsPerMessage / floor[round.Number]),
        ];
        if (ratios.Length == 0)
        {
            return (Missing, Missing);
        }

        Sample sample = Sample.Of(ratios);
        return (sample.Median.ToString("0.00"), $"{sample.Min:0.00}-{sample.Max:0.00}");
    }
}
