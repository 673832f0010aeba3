namespace Gain.MutationTester;

/// <summary>How a run of tests ended: whether, and in which of them, it went wrong.</summary>
/// <param name="Wrong">What went wrong, for people; null when every test passed.</param>
/// <param name="Test">The test that it went wrong in; a fixture's name, or "" before the first.</param>
internal sealed record TestRun(int Passed, string? Wrong, string Test)
{
    public bool HasPassed => Wrong is null;
}
