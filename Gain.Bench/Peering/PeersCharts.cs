using System.Text;
using Gain.Bench.Racing;
using Gain.Bench.Tools;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Gain.Bench.Peering;

/// <summary>The charts of the figures, as SVG: a bar for each server, shorter is better.</summary>
internal static class PeersCharts
{
    private const double Width = 720;
    private const double BarHeight = 34;
    private const double Frame = 120;
    private const double Margin = 12;
    private const double NamesWidth = 110;
    private const double ScaleHeight = 40;

    private static readonly OxyColor s_own = OxyColor.FromRgb(0x1f, 0x77, 0xb4);
    private static readonly OxyColor s_floor = OxyColor.FromRgb(0x55, 0x55, 0x55);
    private static readonly OxyColor s_others = OxyColor.FromRgb(0xb8, 0xb8, 0xb8);

    /// <summary>The charts by the names of their files.</summary>
    public static IEnumerable<(string File, string Svg)> Render(PeersFile file)
    {
        foreach (IGrouping<string, Round> load in file.Rounds.GroupBy(round => round.Load))
        {
            yield return ($"{load.Key}.svg", Chart(
                "CPU time of a message, in ns",
                load.Where(round => round.Counts)
                    .Select(round => (round.Server, round.Report!.ServerNsPerMessage))));
        }

        if (file.Paced.Count > 0)
        {
            yield return ("latency.svg", Chart(
                $"p99 at {PacedRun.Rate:N0} messages a second, in us",
                file.Paced.Where(round => round.Failure is null)
                    .Select(round => (round.Server, round.P99Us))));
        }

        if (file.Idle.Count > 0)
        {
            yield return ("idle.svg", Chart(
                "Memory of an idle connection, in bytes",
                file.Idle.Where(row => row.Failure is null)
                    .Select(row => (row.Server, row.BytesPerConnection))));
        }
    }

    private static string Chart(string title, IEnumerable<(string Server, double Figure)> figures)
    {
        (string Server, double Figure)[] bars =
        [
            .. figures.GroupBy(figure => figure.Server)
                .Select(server => (server.Key, Sample.Of(server.Select(figure => figure.Figure)).Median))
                .Reverse(),
        ];
        var names = new CategoryAxis { Position = AxisPosition.Left, TickStyle = TickStyle.None };
        names.Labels.AddRange(bars.Select(bar => bar.Server));
        var series = new BarSeries
        {
            LabelPlacement = LabelPlacement.Outside,
            LabelFormatString = "  {0:N0}",
        };
        series.Items.AddRange(
            bars.Select((bar, i) => new BarItem(bar.Figure, i) { Color = ColorOf(bar.Server) }));
        double most = bars.Select(bar => bar.Figure).DefaultIfEmpty(1).Max();
        var model = new PlotModel
        {
            Title = title,
            TitleFontSize = 15,
            Background = OxyColors.White,
            PlotAreaBorderThickness = new OxyThickness(0),
            Padding = new OxyThickness(Margin),

            // Said here, as there is no font to measure texts with.
            PlotMargins = new OxyThickness(NamesWidth, Margin, Margin, ScaleHeight),
            TitlePadding = Margin,
        };
        model.Axes.Add(names);
        model.Axes.Add(new LinearAxis
        {
            Position = AxisPosition.Bottom,
            Minimum = 0,
            Maximum = most * 1.15,
            StringFormat = "N0",
            MinorTickSize = 0,
            MajorGridlineStyle = LineStyle.Solid,
            MajorGridlineColor = OxyColor.FromRgb(0xe6, 0xe6, 0xe6),
        });
        model.Series.Add(series);
        var exporter = new SvgExporter { Width = Width, Height = Frame + (BarHeight * bars.Length) };
        using var svg = new MemoryStream();
        exporter.Export(model, svg);

        // Without the mark that says it is UTF-8.
        return Encoding.UTF8.GetString(svg.ToArray()).TrimStart('\uFEFF').ReplaceLineEndings("\n");
    }

    private static OxyColor ColorOf(string server) => server switch
    {
        Contender.FloorName => s_floor,
        _ when server.StartsWith("gain", StringComparison.Ordinal) => s_own,
        _ => s_others,
    };
}
