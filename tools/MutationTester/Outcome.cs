namespace Gain.MutationTester;

/// <summary>What became of a mutant.</summary>
internal enum Outcome
{
    /// <summary>It has not run yet.</summary>
    None,

    /// <summary>A test failed, crashed or hung.</summary>
    Killed,

    /// <summary>Every test that reaches it passed, as far as its time went.</summary>
    Survived,

    /// <summary>No test reaches it.</summary>
    NotCovered,
}
