namespace Gain.Tests.Generator;

/// <summary>What becomes of <c>[VarintPrefixed]</c>.</summary>
public sealed class VarintPrefixedTests
{
    private const string OnFrame = "private void OnFrame(ReadOnlySpan<byte> frame) { }";
    private const string OnRead = "private void OnRead(ReadOnlySpan<byte> data) { }";

    [TestCase("[VarintPrefixed(1)]", 1)]
    [TestCase("[VarintPrefixed(4 * 1024)]", 4096)]
    [TestCase("[VarintPrefixed(maxFrameLength: 1_073_741_819)]", 1_073_741_819)]
    public void Bakes_the_longest_length_in(string attribute, int size)
    {
        GeneratorRun run = GeneratorRun.Framed(attribute, OnFrame);

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Contain($"const int MaxFrameLength = {size};\n"));
        using var reader = new IlReader(CompiledSample.Emit(run.Output));
        Assert.That(
            IlRules.Check(reader, method => method.Name.Contains("IProtocol<", StringComparison.Ordinal)),
            Is.Empty);
    }

    [TestCase("[VarintPrefixed(0)]")]
    [TestCase("[VarintPrefixed(-1)]")]
    [TestCase("[VarintPrefixed(1_073_741_820)]")]
    [TestCase("[VarintPrefixed(8), FixedSize(8)]")]
    public void Emits_no_parser_for(string attribute)
    {
        GeneratorRun run = GeneratorRun.Framed(attribute, OnFrame);
        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Contain("return data.Length;"));
        Assert.That(run.Text, Does.Not.Contain("Framing.").And.Not.Contain("OnFrame("));

        GeneratorRun withRead = GeneratorRun.Framed(attribute, OnFrame + OnRead);
        Assert.That(withRead.Problems, Is.Empty);
        Assert.That(withRead.Text, Does.Contain("handler.OnRead(data);").And.Not.Contain("Framing."));
    }

    [TestCase("[VarintPrefixed]")]
    [TestCase("""[VarintPrefixed("8")]""")]
    [TestCase("[VarintPrefixed(8L)]")]
    [TestCase("[VarintPrefixed(null)]")]
    [TestCase("[VarintPrefixed(Unknown)]")]
    [TestCase("[VarintPrefixed(new int[] { 8 })]")]
    [TestCase("[VarintPrefixed(9999999999)]")]
    [TestCase("[VarintPrefixed(8), VarintPrefixed(9)]")]
    [TestCase("[VarintPrefixed(")]
    public void Adds_nothing_to_the_compilers_own_errors(string attribute)
    {
        GeneratorRun run = GeneratorRun.Framed(attribute, OnFrame);

        Assert.That(run.InputProblems, Is.Not.Empty);
        Assert.That(run.Problems, Is.EquivalentTo(run.InputProblems));
        Assert.That(run.Result.Exception, Is.Null);
    }
}
