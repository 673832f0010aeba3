namespace Gain.Tests.Generator;

/// <summary>The fixtures of this folder compile sources, share nothing, and run beside each other.</summary>
[SetUpFixture]
[Parallelizable(ParallelScope.Fixtures)]
public sealed class ParallelFixtures;
