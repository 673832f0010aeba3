namespace Gain.Bench.Dials;

/// <summary>How many dials are left, and the CPU time of the process at the first that counts.</summary>
/// <param name="target">What is dialled.</param>
/// <param name="dials">How many are counted.</param>
/// <param name="together">How many are on their way at a time.</param>
internal sealed class DialCount(DialTarget target, int dials, int together)
{
    private readonly TaskCompletionSource<double> _ended =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    // As many again warm it up; what is on its way at the end counts as what was at the beginning.
    private int _begun = together;
    private int _over;
    private TimeSpan _before;

    public DialTarget Target => target;

    /// <summary>The nanoseconds of CPU time for each.</summary>
    public Task<double> Ended => _ended.Task;

    /// <summary>Whether one more is to begin. The worker's thread.</summary>
    public bool Next() => _begun++ < 2 * dials;

    /// <summary>One has come up and was closed. The worker's thread.</summary>
    [AllowAllocation("Once, at the end.")]
    public void EndOne()
    {
        _over++;
        if (_over == dials)
        {
            _before = Environment.CpuUsage.TotalTime;
        }
        else if (_over == 2 * dials)
        {
            _ended.TrySetResult((Environment.CpuUsage.TotalTime - _before).TotalNanoseconds / dials);
        }
    }

    [AllowAllocation("It ends the measurement.")]
    public void Fail(ConnectFailure failure) =>
        _ended.TrySetException(new InvalidOperationException($"A dial failed: {failure}"));
}
