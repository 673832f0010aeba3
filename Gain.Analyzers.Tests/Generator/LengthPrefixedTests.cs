using System.Text;

namespace Gain.Tests.Generator;

/// <summary>What becomes of <c>[LengthPrefixed]</c>.</summary>
public sealed class LengthPrefixedTests : FramingAttributeTest
{
    [TestCase("MaxFrameLength = 9", "ReadInt32BigEndian(rest)", 4, 9)]
    [TestCase("Size = 1, MaxFrameLength = 64 * 1024", "int length = rest[0];", 1, 65536)]
    [TestCase("Size = 2, MaxFrameLength = 9", "ReadUInt16BigEndian(rest)", 2, 9)]
    [TestCase("Size = 2, BigEndian = false, MaxFrameLength = 9", "ReadUInt16LittleEndian(rest)", 2, 9)]
    [TestCase("Size = 3, MaxFrameLength = 9", "(rest[0] << 16) | (rest[1] << 8) | rest[2];", 3, 9)]
    [TestCase("Size = 3, BigEndian = false, Offset = 1, MaxFrameLength = 9",
        "rest[1] | (rest[2] << 8) | (rest[3] << 16);", 4, 9)]
    [TestCase("Size = 8, Offset = 64, MaxFrameLength = 9", "ReadInt64BigEndian(rest.Slice(64))", 72, 9)]
    [TestCase("MaxFrameLength = 1_073_741_820", "ReadInt32BigEndian(rest)", 4, 1_073_741_820)]
    public void Bakes_the_header_in(string arguments, string read, int header, int max)
    {
        GeneratorRun run = GeneratorRun.Framed($"[LengthPrefixed({arguments})]", OnFrame);

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Contain(read));
        Assert.That(run.Text, Does.Contain($"const int HeaderLength = {header};\n"));
        Assert.That(run.Text, Does.Contain($"const int MaxFrameLength = {max};\n"));
    }

    [TestCase("Adjustment = 7", 7)]
    [TestCase("Adjustment = -1", -1)]
    [TestCase("IncludesHeader = true", -4)]
    [TestCase("IncludesHeader = true, Offset = 3, Adjustment = 2", -5)]
    public void Adjusts_the_length(string arguments, int adjustment)
    {
        GeneratorRun run = GeneratorRun.Framed($"[LengthPrefixed({arguments}, MaxFrameLength = 9)]", OnFrame);

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Contain($"const int Adjustment = {adjustment};\n"));
    }

    [TestCase("Adjustment = 0")]
    [TestCase("IncludesHeader = true, Adjustment = 4")]
    public void Adds_nothing_where_the_length_is_the_payloads(string arguments)
    {
        GeneratorRun run = GeneratorRun.Framed($"[LengthPrefixed({arguments}, MaxFrameLength = 9)]", OnFrame);

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Not.Contain("Adjustment"));
    }

    [TestCase("[LengthPrefixed]")]
    [TestCase("[LengthPrefixed(Size = 4)]")]
    [TestCase("[LengthPrefixed(Size = 0, MaxFrameLength = 5)]")]
    [TestCase("[LengthPrefixed(Size = 5, MaxFrameLength = 5)]")]
    [TestCase("[LengthPrefixed(Size = -4, MaxFrameLength = 5)]")]
    [TestCase("[LengthPrefixed(Offset = -1, MaxFrameLength = 5)]")]
    [TestCase("[LengthPrefixed(Offset = 65, MaxFrameLength = 5)]")]
    [TestCase("[LengthPrefixed(Adjustment = int.MinValue, MaxFrameLength = 5)]")]
    [TestCase("[LengthPrefixed(Adjustment = 1_073_741_824, MaxFrameLength = 5)]")]
    [TestCase("[LengthPrefixed(MaxFrameLength = 0)]")]
    [TestCase("[LengthPrefixed(MaxFrameLength = -1)]")]
    [TestCase("[LengthPrefixed(MaxFrameLength = 1_073_741_821)]")]
    [TestCase("[LengthPrefixed(Size = 1, MaxFrameLength = int.MaxValue)]")]
    [TestCase("[LengthPrefixed(Size = 1, Adjustment = -256, MaxFrameLength = 5)]")]
    [TestCase("[LengthPrefixed(Adjustment = 6, MaxFrameLength = 5)]")]
    [TestCase("""[LengthPrefixed(MaxFrameLength = 5), Delimited("\n", MaxFrameLength = 5)]""")]
    [TestCase("""[LengthPrefixed(MaxFrameLength = 0), Delimited("\n", MaxFrameLength = 5)]""")]
    public void Emits_no_parser_for(string attribute) => AssertNoParser(attribute);

    [TestCase("""[LengthPrefixed(MaxFrameLength = "5")]""")]
    [TestCase("[LengthPrefixed(MaxFrameLength = Unknown)]")]
    [TestCase("[LengthPrefixed(Size = Unknown, MaxFrameLength = 5)]")]
    [TestCase("[LengthPrefixed(BigEndian = 1, MaxFrameLength = 5)]")]
    [TestCase("[LengthPrefixed(Width = 4, MaxFrameLength = 5)]")]
    [TestCase("[LengthPrefixed(4, MaxFrameLength = 5)]")]
    [TestCase("[LengthPrefixed(MaxFrameLength = 5), LengthPrefixed(MaxFrameLength = 6)]")]
    [TestCase("[LengthPrefixed(Size = ")]
    public void Adds_nothing_to_the_compilers_own_errors(string attribute) =>
        AssertOnlyTheCompilersErrors(attribute);

    [Test]
    public void Every_combination_compiles_and_keeps_to_the_IL_rules()
    {
        var source = new StringBuilder("using System; using Gain;\n");
        int count = 0;
        foreach (int size in new[] { 1, 2, 3, 4, 8 })
        {
            for (int bits = 0; bits < 8; bits++)
            {
                foreach (int adjustment in new[] { 0, 1, -1 })
                {
                    source.Append("[GainProtocol, LengthPrefixed(MaxFrameLength = 1000")
                        .Append($", Size = {size}, Adjustment = {adjustment}, Offset = {(bits >> 2) * 5}")
                        .Append($", BigEndian = {Bool(bits & 1)}, IncludesHeader = {Bool(bits & 2)})] ")
                        .Append($"partial struct S{count++} {{ {OnFrame} }}\n");
                }
            }
        }

        GeneratorRun run = GeneratorRun.Of(source.ToString());
        Assert.That(run.Problems, Is.Empty);
        using var reader = new IlReader(CompiledSample.Emit(run.Output));
        Assert.That(
            IlRules.Check(reader, method => method.Name.Contains("IProtocol<", StringComparison.Ordinal)),
            Is.Empty);
        Assert.That(reader.Methods.Count(method => method.Name.EndsWith(".Read")), Is.EqualTo(count));
    }

    [Test]
    public void Compiles_where_its_names_are_taken() =>
        Assert.That(
            GeneratorRun.Framed(
                "[LengthPrefixed(Offset = 1, Adjustment = 1, MaxFrameLength = 5)]",
                OnFrame + "private static int HeaderLength, MaxFrameLength, Adjustment; "
                + "public static int Sum() => (HeaderLength = MaxFrameLength = Adjustment = 1) "
                + "+ HeaderLength + MaxFrameLength + Adjustment;").Problems,
            Is.Empty);

    private static string Bool(int value) => value != 0 ? "true" : "false";
}
