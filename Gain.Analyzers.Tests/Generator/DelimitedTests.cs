namespace Gain.Tests.Generator;

/// <summary>What becomes of <c>[Delimited]</c>.</summary>
public sealed class DelimitedTests : FramingAttributeTest
{
    [TestCase("""[Delimited("\n", MaxFrameLength = 1)]""", "\"\\n\"u8", 1)]
    [TestCase("""[Delimited("\r\n\t\0", MaxFrameLength = 1)]""", "\"\\r\\n\\t\\0\"u8", 4)]
    [TestCase("""[Delimited("\"\\", MaxFrameLength = 1)]""", "\"\\\"\\\\\"u8", 2)]
    [TestCase("""[Delimited("\0" + "1", MaxFrameLength = 1)]""", "\"\\01\"u8", 2)]
    [TestCase("""[Delimited("{0}", MaxFrameLength = 1)]""", "\"{0}\"u8", 3)]
    [TestCase("""[Delimited("é", MaxFrameLength = 1)]""", "[0xC3, 0xA9]", 2)]
    [TestCase("""[Delimited("\u007F", MaxFrameLength = 1)]""", "[0x7F]", 1)]
    [TestCase("""[Delimited(0, MaxFrameLength = 1)]""", "\"\\0\"u8", 1)]
    [TestCase("""[Delimited(13, 10, MaxFrameLength = 1)]""", "\"\\r\\n\"u8", 2)]
    [TestCase("""[Delimited((byte)'a', 0xFE, MaxFrameLength = 1)]""", "[0x61, 0xFE]", 2)]
    [TestCase("""[Delimited(new byte[] { 1, 2, 3 }, MaxFrameLength = 1)]""", "[0x01, 0x02, 0x03]", 3)]
    [TestCase("""[Delimited("12345678901234567890123456789012", MaxFrameLength = 1)]""",
        "\"12345678901234567890123456789012\"u8", 32)]
    public void Bakes_the_delimiter_in(string attribute, string literal, int length)
    {
        GeneratorRun run = GeneratorRun.Framed(attribute, OnFrame);

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Contain($"> delimiter = {literal};\n"));
        Assert.That(run.Text, Does.Contain($"const int DelimiterLength = {length};\n"));
    }

    [TestCase("""[Delimited("\n", MaxFrameLength = 1)]""", 1)]
    [TestCase("""[Delimited("\n", MaxFrameLength = 64 * 1024)]""", 65536)]
    [TestCase("""[Delimited("\r\n\r\n", MaxFrameLength = 1_073_741_823)]""", 1073741823)]
    public void Bakes_the_longest_length_in(string attribute, int length)
    {
        GeneratorRun run = GeneratorRun.Framed(attribute, OnFrame);

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Contain($"const int MaxFrameLength = {length};\n"));
    }

    [TestCase("", true)]
    [TestCase(", Strip = true", true)]
    [TestCase(", Strip = false", false)]
    public void Strips_the_delimiter_unless_told_otherwise(string argument, bool strips)
    {
        GeneratorRun run = GeneratorRun.Framed(
            $"[Delimited(\"\\n\", MaxFrameLength = 5{argument})]", OnFrame);

        Assert.That(run.Problems, Is.Empty);
        string length = strips ? "length" : "length + DelimiterLength";
        string join = strips ? ".Slice(0, length)" : "";
        Assert.That(run.Text, Does.Contain($"> frame = rest.Slice(0, {length});\n"));
        Assert.That(run.Text, Does.Contain($"Framing.Join(connection, data.Slice(0, end)){join};\n"));
    }

    [TestCase("")]
    [TestCase("[Delimited]")]
    [TestCase("[Delimited(MaxFrameLength = 5)]")]
    [TestCase("""[Delimited("\n")]""")]
    [TestCase("""[Delimited("", MaxFrameLength = 5)]""")]
    [TestCase("""[Delimited((string)null!, MaxFrameLength = 5)]""")]
    [TestCase("""[Delimited((byte[])null!, MaxFrameLength = 5)]""")]
    [TestCase("""[Delimited(new byte[0], MaxFrameLength = 5)]""")]
    [TestCase("""[Delimited("123456789012345678901234567890123", MaxFrameLength = 5)]""")]
    [TestCase("""[Delimited("ééééééééééééééééé", MaxFrameLength = 5)]""")]
    [TestCase("""[Delimited("\n", MaxFrameLength = 0)]""")]
    [TestCase("""[Delimited("\n", MaxFrameLength = -1)]""")]
    [TestCase("""[Delimited("\n", MaxFrameLength = 1_073_741_824)]""")]
    [TestCase("""[Delimited("\n", MaxFrameLength = int.MaxValue)]""")]
    public void Emits_no_parser_for(string attribute) => AssertNoParser(attribute);

    [TestCase("""[Delimited(1, "a", MaxFrameLength = 5)]""")]
    [TestCase("""[Delimited(256, MaxFrameLength = 5)]""")]
    [TestCase("""[Delimited(null, MaxFrameLength = 5)]""")]
    [TestCase("""[Delimited("\n", MaxFrameLength = "5")]""")]
    [TestCase("""[Delimited("\n", MaxFrameLength = Unknown)]""")]
    [TestCase("""[Delimited("\n", MaxFrameLength = 9999999999)]""")]
    [TestCase("""[Delimited(Unknown, MaxFrameLength = 5)]""")]
    [TestCase("""[Delimited(1, Unknown, MaxFrameLength = 5)]""")]
    [TestCase("""[Delimited("\n", """)]
    public void Adds_nothing_to_the_compilers_own_errors(string attribute) =>
        AssertOnlyTheCompilersErrors(attribute);

    [TestCase("private int OnFrame(ReadOnlySpan<byte> frame) => 0;")]
    [TestCase("private void OnFrame(byte[] frame) { }")]
    [TestCase("private void OnFrame<T>(ReadOnlySpan<byte> frame) { }")]
    [TestCase("private void OnFarme(ReadOnlySpan<byte> frame) { }")]
    public void Emits_no_parser_without_a_valid_OnFrame(string onFrame)
    {
        GeneratorRun run = GeneratorRun.Framed("""[Delimited("\n", MaxFrameLength = 5)]""", onFrame);

        Assert.That(run.Text, Does.Contain("return data.Length;").And.Contain("void SendFrame("));
        Assert.That(run.Text, Does.Not.Contain("OnFrame(").And.Not.Contain("Carried("));
        Assert.That(run.Problems, Is.Empty);
    }

    [Test]
    public void Prefers_frames_to_bytes()
    {
        GeneratorRun run = GeneratorRun.Framed("""[Delimited("\n", MaxFrameLength = 5)]""", OnRead + OnFrame);

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Contain("handler.OnFrame(frame);").And.Not.Contain("OnRead("));
    }

    [Test]
    public void Takes_the_first_of_two_attributes()
    {
        GeneratorRun run = GeneratorRun.Framed(
            """[Delimited("a", MaxFrameLength = 5), Delimited("b", MaxFrameLength = 6)]""", OnFrame);

        Assert.That(run.Problems, Is.EquivalentTo(run.InputProblems));
        Assert.That(run.Text, Does.Contain("\"a\"u8"));
    }
}
