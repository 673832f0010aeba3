using Gain.Analyzers.Usage;
using Gain.Tests.Analyzers.Rules;

namespace Gain.Tests.Analyzers.Usage;

public sealed class FrameWithoutFramingTests
{
    [TestCase("[GainProtocol] partial struct A { void {|GAIN0010:OnFrame|}(ReadOnlySpan<byte> frame) { } }")]
    [TestCase("[GainProtocol] partial struct A; partial struct A { static void {|GAIN0010:OnFrame|}() { } }")]
    [Reports(FrameWithoutFramingAnalyzer.Id)]
    public Task OnFrame_without_a_framing_is_reported(string source) =>
        RuleVerifier.Verify<FrameWithoutFramingAnalyzer>(source);

    [TestCase("[GainProtocol, FixedSize(4)] partial struct A { void OnFrame() { } }")]
    [TestCase("[GainProtocol] partial struct A { void OnFrame() { } } [FixedSize(4)] partial struct A;")]
    [TestCase("[GainProtocol, {|GAIN0009:FixedSize(0)|}] partial struct A { void OnFrame() { } }")]
    [TestCase("[GainProtocol] partial struct A { void {|GAIN0005:OnFrame|}(string frame) { } }")]
    [Allows(FrameWithoutFramingAnalyzer.Id)]
    public Task OnFrame_with_a_framing_is_not_reported(string source) =>
        RuleVerifier.Verify<FrameWithoutFramingAnalyzer>(source);
}
