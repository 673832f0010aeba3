using Gain.Analyzers.Usage;
using Gain.Tests.Analyzers.Rules;

namespace Gain.Tests.Analyzers.Usage;

public sealed class FramingWithoutHandlerTests
{
    [TestCase("[FixedSize(4)] partial struct {|GAIN0013:A|} { void OnFrame() { } }")]
    [TestCase("[Delimited(\"a\")] class {|GAIN0013:A|};")]
    [Reports(FramingWithoutHandlerAnalyzer.Id)]
    public Task A_framing_on_what_is_no_handler_is_reported(string source) =>
        RuleVerifier.Verify<FramingWithoutHandlerAnalyzer>(source);

    [TestCase("[GainProtocol, FixedSize(4)] partial struct A { void OnFrame() { } }")]
    [TestCase("[FixedSize(4)] partial struct A { void OnFrame() { } } [GainProtocol] partial struct A;")]
    [TestCase("namespace N { class FixedSizeAttribute : Attribute; [FixedSize] struct A; }")]
    [Allows(FramingWithoutHandlerAnalyzer.Id)]
    public Task A_framing_on_a_handler_is_not_reported(string source) =>
        RuleVerifier.Verify<FramingWithoutHandlerAnalyzer>(source);
}
