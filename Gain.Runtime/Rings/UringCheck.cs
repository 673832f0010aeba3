namespace Gain.Rings;

/// <summary>What became of one test of io_uring.</summary>
/// <param name="What">What was tested, as in "multishot receive".</param>
/// <param name="Fault">What was wrong, as a clause; null when nothing was.</param>
internal readonly record struct UringCheck(string What, string? Fault);
