namespace Gain.Tests.Generator;

/// <summary>Every framing compiles, without a warning, for every way to declare a struct.</summary>
public sealed class FramingShapeTests
{
    private const string Custom = "CustomFraming(MaxFrameLength = 9)";

    private const string Parser = """
        private static bool TryReadFrame(
            ref global::System.ReadOnlySpan<byte> buffer, out global::System.ReadOnlySpan<byte> frame)
        {
            frame = buffer.Slice(0, 1);
            buffer = buffer.Slice(1);
            return true;
        }
        """;

    private static readonly string[] s_framings =
    [
        """Delimited("\r\n", MaxFrameLength = 9)""",
        "LengthPrefixed(Size = 1, MaxFrameLength = 9)",
        "LengthPrefixed(Size = 8, Offset = 2, Adjustment = 1, BigEndian = false, MaxFrameLength = 9)",
        "FixedSize(9)",
        "VarintPrefixed(9)",
        Custom,
    ];

    [Test]
    public void Calls_OnFrame_with_the_parameters_that_it_wants(
        [ValueSource(nameof(s_framings))] string framing,
        [Values("", "Connection c", "ReadOnlySpan<byte> b", "in ReadOnlySpan<byte> b, in Connection c")]
        string parameters,
        [Values] bool isStatic)
    {
        string modifier = isStatic ? "static " : "";
        GeneratorRun run = Run(framing, "struct A", $"private {modifier}void OnFrame({parameters}) {{ }}");

        Assert.That(run.InputProblems, Is.Empty);
        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Contain($"{(isStatic ? "    " : "handler.")}OnFrame("));
        using var reader = new IlReader(CompiledSample.Emit(run.Output));
        Assert.That(
            IlRules.Check(reader, method =>
                method.Name.Contains("IProtocol<", StringComparison.Ordinal)
                || method.Name.EndsWith("Frame", StringComparison.Ordinal)),
            Is.Empty);
    }

    [Test]
    public void Compiles_for_a_struct_of_any_kind(
        [ValueSource(nameof(s_framings))] string framing,
        [Values(
            "record struct A(int Header)",
            "struct A<T> where T : struct",
            "struct @struct",
            "struct Connection",
            "struct A(int consumed, int carried, int missing, int rest, int header, int length, int field)",
            "struct A(int payload, int delimiter, int frame, int data, int connection)")]
        string head)
    {
        int at = head.IndexOf("(int", StringComparison.Ordinal);
        string sum = at < 0
            ? "0"
            : head[(at + 1)..].Replace("int ", "").Replace(")", "").Replace(", ", " + ");
        GeneratorRun run = Run(
            framing,
            head,
            "public readonly int Sum => " + sum + "; private void OnFrame(ReadOnlySpan<byte> bytes) { }");

        Assert.That(run.InputProblems, Is.Empty);
        Assert.That(run.Problems, Is.Empty);
    }

    [Test]
    public void Compiles_where_the_users_types_hide_the_frameworks(
        [ValueSource(nameof(s_framings))] string framing)
    {
        GeneratorRun run = GeneratorRun.Of($$"""
            namespace Users
            {
                internal class System; internal class Gain; internal class BinaryPrimitives;
                internal class Framing; internal class ReadOnlySpan<T>; internal class Connection;
                [global::Gain.GainProtocol, global::Gain.{{framing}}]
                internal partial struct A
                {
                    {{(framing == Custom ? Parser : "")}}
                    private void OnFrame(global::Gain.Connection peer) { }
                }
            }
            """);

        Assert.That(run.InputProblems, Is.Empty);
        Assert.That(run.Problems, Is.Empty);
    }

    private static GeneratorRun Run(string framing, string head, string members) =>
        GeneratorRun.Of(
            "using System; using Gain; "
            + $"[GainProtocol, {framing}] internal partial {head} "
            + $"{{ {(framing == Custom ? Parser : "")} {members} }}");
}
