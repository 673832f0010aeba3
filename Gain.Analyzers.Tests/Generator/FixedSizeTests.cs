namespace Gain.Tests.Generator;

/// <summary>What becomes of <c>[FixedSize]</c>.</summary>
public sealed class FixedSizeTests : FramingAttributeTest
{
    [TestCase("[FixedSize(1)]", 1)]
    [TestCase("[FixedSize(4 * 1024)]", 4096)]
    [TestCase("[FixedSize(size: 1_073_741_824)]", 1_073_741_824)]
    public void Bakes_the_size_in(string attribute, int size)
    {
        GeneratorRun run = GeneratorRun.Framed(attribute, OnFrame);

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Contain($"const int FrameLength = {size};\n"));
        AssertKeepsToTheIlRules(run);
    }

    [TestCase("[FixedSize(0)]")]
    [TestCase("[FixedSize(-1)]")]
    [TestCase("[FixedSize(1_073_741_825)]")]
    [TestCase("[FixedSize(8), LengthPrefixed(MaxFrameLength = 5)]")]
    public void Emits_no_parser_for(string attribute) => AssertNoParser(attribute);

    [TestCase("[FixedSize]")]
    [TestCase("""[FixedSize("8")]""")]
    [TestCase("[FixedSize(8L)]")]
    [TestCase("[FixedSize(null)]")]
    [TestCase("[FixedSize(Unknown)]")]
    [TestCase("[FixedSize(new int[] { 8 })]")]
    [TestCase("[FixedSize(9999999999)]")]
    [TestCase("[FixedSize(8), FixedSize(9)]")]
    [TestCase("[FixedSize(")]
    public void Adds_nothing_to_the_compilers_own_errors(string attribute) =>
        AssertOnlyTheCompilersErrors(attribute);
}
