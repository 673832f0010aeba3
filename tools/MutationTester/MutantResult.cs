namespace Gain.MutationTester;

/// <summary>A mutant and what became of it.</summary>
/// <param name="By">The test that noticed, and how; else how much was run.</param>
internal sealed record MutantResult(Mutant Mutant, Outcome Outcome, string By);
