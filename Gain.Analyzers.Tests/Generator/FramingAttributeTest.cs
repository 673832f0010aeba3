namespace Gain.Tests.Generator;

/// <summary>What the tests of all framing attributes ask of the generator.</summary>
public abstract class FramingAttributeTest
{
    private protected const string OnFrame = "private void OnFrame(ReadOnlySpan<byte> frame) { }";
    private protected const string OnRead = "private void OnRead(ReadOnlySpan<byte> data) { }";

    /// <summary>Bytes are discarded, or go to OnRead, and there is no error beside the analyzer's.</summary>
    private protected static void AssertNoParser(string attribute)
    {
        GeneratorRun run = GeneratorRun.Framed(attribute, OnFrame);
        Assert.That(run.Result.Exception, Is.Null);
        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Contain("return data.Length;"));
        Assert.That(run.Text, Does.Contain("handler.OnAccept(connection);"));
        Assert.That(run.Text, Does.Not.Contain("Framing.Carried").And.Not.Contain("OnFrame("));

        GeneratorRun withRead = GeneratorRun.Framed(attribute, OnFrame + OnRead);
        Assert.That(withRead.Problems, Is.Empty);
        Assert.That(
            withRead.Text, Does.Contain("handler.OnRead(data);").And.Not.Contain("Framing.Carried"));
    }

    private protected static void AssertOnlyTheCompilersErrors(string attribute)
    {
        GeneratorRun run = GeneratorRun.Framed(attribute, OnFrame);

        Assert.That(run.InputProblems, Is.Not.Empty);
        Assert.That(run.Problems, Is.EquivalentTo(run.InputProblems));
        Assert.That(run.Result.Exception, Is.Null);
    }

    private protected static void AssertKeepsToTheIlRules(GeneratorRun run)
    {
        using var reader = new IlReader(CompiledSample.Emit(run.Output));
        Assert.That(
            IlRules.Check(reader, method => method.Name.Contains("IProtocol<", StringComparison.Ordinal)),
            Is.Empty);
    }
}
