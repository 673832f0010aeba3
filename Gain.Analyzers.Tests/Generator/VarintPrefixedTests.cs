namespace Gain.Tests.Generator;

/// <summary>What becomes of <c>[VarintPrefixed]</c>.</summary>
public sealed class VarintPrefixedTests : FramingAttributeTest
{
    [TestCase("[VarintPrefixed(1)]", 1)]
    [TestCase("[VarintPrefixed(4 * 1024)]", 4096)]
    [TestCase("[VarintPrefixed(maxFrameLength: 1_073_741_819)]", 1_073_741_819)]
    public void Bakes_the_longest_length_in(string attribute, int size)
    {
        GeneratorRun run = GeneratorRun.Framed(attribute, OnFrame);

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Contain($"const int MaxFrameLength = {size};\n"));
        AssertKeepsToTheIlRules(run);
    }

    [TestCase("[VarintPrefixed(0)]")]
    [TestCase("[VarintPrefixed(-1)]")]
    [TestCase("[VarintPrefixed(1_073_741_820)]")]
    [TestCase("[VarintPrefixed(8), FixedSize(8)]")]
    public void Emits_no_parser_for(string attribute) => AssertNoParser(attribute);

    [TestCase("[VarintPrefixed]")]
    [TestCase("""[VarintPrefixed("8")]""")]
    [TestCase("[VarintPrefixed(8L)]")]
    [TestCase("[VarintPrefixed(null)]")]
    [TestCase("[VarintPrefixed(Unknown)]")]
    [TestCase("[VarintPrefixed(new int[] { 8 })]")]
    [TestCase("[VarintPrefixed(9999999999)]")]
    [TestCase("[VarintPrefixed(8), VarintPrefixed(9)]")]
    [TestCase("[VarintPrefixed(")]
    public void Adds_nothing_to_the_compilers_own_errors(string attribute) =>
        AssertOnlyTheCompilersErrors(attribute);
}
