using Gain.Analyzers.Usage;
using Gain.Tests.Analyzers.Rules;

namespace Gain.Tests.Analyzers.Usage;

public sealed class NoCallbackTests
{
    [TestCase("[GainProtocol] partial struct {|GAIN0004:A|};")]
    [TestCase("[GainProtocol] partial record struct {|GAIN0004:A|}(int I);")]
    [TestCase("[GainProtocol] partial struct {|GAIN0004:A|} { void Read() { } int OnAccept => 1; }")]
    [TestCase("[GainProtocol, FixedSize(3)] partial struct {|GAIN0004:A|} { }")]
    [TestCase(
        "[GainProtocol] partial struct {|GAIN0004:A|} : IDisposable { void IDisposable.Dispose() { } }")]
    [Reports(NoCallbackAnalyzer.Id)]
    public Task A_handler_without_a_callback_is_reported(string source) =>
        RuleVerifier.Verify<NoCallbackAnalyzer>(source);

    [TestCase("[GainProtocol] partial struct A; partial struct A { static void OnDrained() { } }")]
    [TestCase("[GainProtocol] partial struct A { void {|GAIN0005:OnDrained|}(int i) { } }")]
    [TestCase("[GainProtocol] partial struct A { void {|GAIN0006:OnDrain|}() { } }")]
    [TestCase("[GainProtocol] struct {|GAIN0002:A|};")]
    [Allows(NoCallbackAnalyzer.Id)]
    public Task A_callback_in_any_part_is_enough_and_another_error_comes_first(string source) =>
        RuleVerifier.Verify<NoCallbackAnalyzer>(source);
}
