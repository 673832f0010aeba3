namespace Gain.Tests.Generator;

/// <summary>What becomes of <c>[CustomFraming]</c>.</summary>
public sealed class CustomFramingTests : FramingAttributeTest
{
    private const string Attribute = "[CustomFraming(MaxFrameLength = 5)]";
    private const string Parser = """
        private static bool TryReadFrame(ref ReadOnlySpan<byte> buffer, out ReadOnlySpan<byte> frame)
        {
            frame = buffer[..1];
            buffer = buffer[1..];
            return true;
        }

        """;

    [TestCase("MaxFrameLength = 1", 1)]
    [TestCase("MaxFrameLength = 4 * 1024", 4096)]
    [TestCase("MaxFrameLength = 1_073_741_823", 1_073_741_823)]
    public void Bakes_the_longest_length_in(string arguments, int length)
    {
        GeneratorRun run = GeneratorRun.Framed($"[CustomFraming({arguments})]", Parser + OnFrame);

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Contain($"const int MaxFrameLength = {length};\n"));
        Assert.That(run.Text, Does.Not.Contain("SendFrame").And.Not.Contain("BeginFrame"));
        AssertKeepsToTheIlRules(run);
    }

    [TestCase("public")]
    [TestCase("[Obsolete] internal")]
    [TestCase("[System.Diagnostics.CodeAnalysis.SuppressMessage(\"a\", \"b\")] private")]
    public void Takes_the_parser_whatever_stands_in_front_of_it(string modifiers)
    {
        GeneratorRun run = GeneratorRun.Framed(
            Attribute, Parser.Replace("private", modifiers, StringComparison.Ordinal) + OnFrame);

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Contain("TryReadFrame(ref unread, out "));
    }

    [Test]
    public void Takes_the_one_parser_among_overloads()
    {
        GeneratorRun run = GeneratorRun.Framed(
            Attribute, Parser + OnFrame + "public static bool TryReadFrame(int other) => other > 0;");

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Contain("TryReadFrame(ref unread, out "));
    }

    [TestCase("[CustomFraming]")]
    [TestCase("[CustomFraming(MaxFrameLength = 0)]")]
    [TestCase("[CustomFraming(MaxFrameLength = -1)]")]
    [TestCase("[CustomFraming(MaxFrameLength = 1_073_741_824)]")]
    [TestCase("[CustomFraming(MaxFrameLength = 5), FixedSize(5)]")]
    public void Emits_no_parser_for(string attribute)
    {
        AssertNoParser(attribute);
        GeneratorRun run = GeneratorRun.Framed(attribute, OnFrame + Parser);
        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Not.Contain("TryReadFrame("));
    }

    [TestCase("")]
    [TestCase("bool TryReadFrame(ref ReadOnlySpan<byte> buffer, out ReadOnlySpan<byte> frame)")]
    [TestCase("static int TryReadFrame(ref ReadOnlySpan<byte> buffer, out ReadOnlySpan<byte> frame)")]
    [TestCase("static bool TryReadFrame(ReadOnlySpan<byte> buffer, out ReadOnlySpan<byte> frame)")]
    [TestCase("static bool TryReadFrame(in ReadOnlySpan<byte> buffer, out ReadOnlySpan<byte> frame)")]
    [TestCase("static bool TryReadFrame(ref ReadOnlySpan<byte> buffer, ref ReadOnlySpan<byte> frame)")]
    [TestCase("static bool TryReadFrame(ref ReadOnlySpan<byte> buffer, out ReadOnlySpan<char> frame)")]
    [TestCase("static bool TryReadFrame(ref Span<byte> buffer, out ReadOnlySpan<byte> frame)")]
    [TestCase("static bool TryReadFrame<T>(ref ReadOnlySpan<byte> buffer, out ReadOnlySpan<byte> frame)")]
    [TestCase("static bool TryReadFrame(ref ReadOnlySpan<byte> buffer)")]
    public void Emits_no_parser_without_a_valid_TryReadFrame(string signature)
    {
        string parser = signature.Length == 0 ? "" : signature + " { throw new NotSupportedException(); }";
        GeneratorRun run = GeneratorRun.Framed(Attribute, OnFrame + parser);

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Contain("return data.Length;").And.Not.Contain("TryReadFrame("));
    }

    [TestCase("[CustomFraming(5)]")]
    [TestCase("[CustomFraming(MaxFrameLength = Unknown)]")]
    [TestCase("[CustomFraming(MaxFrameLength = 5), CustomFraming(MaxFrameLength = 6)]")]
    public void Adds_nothing_to_the_compilers_own_errors(string attribute) =>
        AssertOnlyTheCompilersErrors(attribute);
}
