namespace Gain.MutationTester;

/// <summary>Which mutants, and how much of the tests for each.</summary>
/// <param name="Budget">Seconds of unmutated tests.</param>
internal sealed record SessionChoice(IReadOnlyList<string> Folders, int Count, int Seed, double Budget);
