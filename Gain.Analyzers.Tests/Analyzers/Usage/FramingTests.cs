using Gain.Analyzers.Usage;
using Gain.Tests.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;

namespace Gain.Tests.Analyzers.Usage;

public sealed class FramingTests
{
    [TestCase("{|GAIN0009:Delimited(\"\")|}")]
    [TestCase("{|GAIN0009:Delimited(\"\\n\")|}")]
    [TestCase("{|GAIN0009:Delimited(\"\\n\", MaxFrameLength = 0)|}")]
    [TestCase("{|GAIN0009:Delimited(\"0123456789abcdef0123456789abcdefg\", MaxFrameLength = 1)|}")]
    [TestCase("{|GAIN0009:Delimited(MaxFrameLength = 1)|}")]
    [TestCase("{|GAIN0009:LengthPrefixed|}")]
    [TestCase("{|GAIN0009:LengthPrefixed(Size = 5, MaxFrameLength = 1)|}")]
    [TestCase("{|GAIN0009:LengthPrefixed(Offset = -1, MaxFrameLength = 1)|}")]
    [TestCase("{|GAIN0009:LengthPrefixed(Size = 1, Adjustment = 300, MaxFrameLength = 1)|}")]
    [TestCase("{|GAIN0009:CustomFraming(MaxFrameLength = 1)|}")]
    [TestCase("{|GAIN0009:CustomFraming|}")]
    [TestCase("{|GAIN0009:FixedSize(0)|}")]
    [TestCase("{|GAIN0009:VarintPrefixed(-1)|}")]
    [TestCase("FixedSize(1), {|GAIN0009:VarintPrefixed(1)|}")]
    [TestCase("FixedSize(1), {|GAIN0009:VarintPrefixed(1)|}, {|GAIN0009:LengthPrefixed|}")]
    [Reports(FramingAnalyzer.Id)]
    public Task A_framing_that_no_parser_is_made_for_is_reported(string code) =>
        RuleVerifier.Verify<FramingAnalyzer>($$"""
            [GainProtocol, {{code}}]
            partial struct A
            {
                private void OnFrame(ReadOnlySpan<byte> frame) { }
            }

            static class P
            {
                public static GainServer Start() => GainServer.Start(new A(), "tcp://127.0.0.1:0");
            }
            """);

    [TestCase("Delimited(\"\\n\", MaxFrameLength = 1)")]
    [TestCase("Delimited(13, 10, MaxFrameLength = 1)")]
    [TestCase("LengthPrefixed(MaxFrameLength = 1)")]
    [TestCase("FixedSize(1)")]
    [TestCase("VarintPrefixed(1)")]
    [TestCase("FixedSize({|CS0103:Size|})")]
    [TestCase("FixedSize(1), {|CS0579:FixedSize|}(2)")]
    [TestCase("{|CS7036:FixedSize|}")]
    [TestCase("Delimited(\"\\n\", MaxFrameLength = {|CS0029:\"1\"|})")]
    [TestCase("Delimited(\"\\n\", {|CS0246:MaxFrame|} = 1)")]
    [Allows(FramingAnalyzer.Id)]
    public Task A_valid_framing_and_what_the_compiler_reports_are_not_reported(string code) =>
        RuleVerifier.Verify<FramingAnalyzer>($$"""
            [GainProtocol, {{code}}]
            partial struct A
            {
                private void OnFrame(ReadOnlySpan<byte> frame) { }
            }

            static class P
            {
                public static GainServer Start() => GainServer.Start(new A(), "tcp://127.0.0.1:0");
            }
            """);

    [TestCase("{|#0:FixedSize(0)|}", "the size is 1 to 1,073,741,824")]
    [TestCase("{|#0:VarintPrefixed(0)|}", "the maximum length of a frame is 1 to 1,073,741,819")]
    [TestCase("{|#0:LengthPrefixed|}", "MaxFrameLength is mandatory, because the peer chooses the length")]
    [TestCase(
        "FixedSize(1), {|#0:VarintPrefixed(1)|}",
        "a handler has one framing, and another is declared already")]
    public Task Message_says_what_is_allowed(string framing, string reason) =>
        RuleVerifier.VerifyUsage(
            $$"""[GainProtocol, {{framing}}] partial struct A { void OnFrame() { } }""",
            new DiagnosticResult("GAIN0009", DiagnosticSeverity.Error)
                .WithLocation(0)
                .WithArguments("A", reason));

    [TestCase("CustomFraming(MaxFrameLength = 1)", "static bool")]
    [TestCase("{|GAIN0009:CustomFraming(MaxFrameLength = 0)|}", "static bool")]
    [TestCase("{|GAIN0009:CustomFraming(MaxFrameLength = 1)|}", "bool")]
    [TestCase("{|GAIN0009:CustomFraming(MaxFrameLength = 1)|}", "static int")]
    public Task A_framing_of_the_users_own_needs_its_parser(string framing, string modifiers) =>
        RuleVerifier.Verify<FramingAnalyzer>($$"""
            [GainProtocol, {{framing}}]
            partial struct A
            {
                void OnFrame(ReadOnlySpan<byte> frame) { }

                {{modifiers}} TryReadFrame(ref ReadOnlySpan<byte> buffer, out ReadOnlySpan<byte> frame)
                {
                    frame = buffer;
                    return default;
                }
            }
            """);
}
