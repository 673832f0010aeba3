namespace Gain.Bench.Tools;

/// <summary>What is said about several measurements of the same thing.</summary>
internal readonly record struct Sample(double Median, double Min, double Max)
{
    /// <summary>Sums up at least one measurement.</summary>
    public static Sample Of(IEnumerable<double> measurements)
    {
        double[] sorted = [.. measurements.Order()];
        int middle = sorted.Length / 2;
        double median = sorted.Length % 2 != 0 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Sample(median, sorted[0], sorted[^1]);
    }
}
