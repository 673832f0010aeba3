using Gain.Analyzers.Usage;
using Gain.Tests.Analyzers.Rules;

namespace Gain.Tests.Analyzers.Usage;

public sealed class ReadAndFrameTests
{
    private const string Framed = "[GainProtocol, FixedSize(4)] partial struct A ";

    [TestCase(Framed + "{ void OnFrame() { } void {|GAIN0008:OnRead|}() {} }")]
    [TestCase(Framed + "{ int {|GAIN0008:OnRead|}() => 0; void OnFrame() { } }")]
    [TestCase("[GainProtocol] partial struct A { void OnRead() { } void {|GAIN0008:OnFrame|}() { } }")]
    [Reports(ReadAndFrameAnalyzer.Id)]
    public Task The_one_that_is_not_called_is_reported(string source) =>
        RuleVerifier.Verify<ReadAndFrameAnalyzer>(source);

    [TestCase(Framed + "{ void OnFrame() { } }")]
    [TestCase(Framed + "{ void OnRead() { } }")]
    [TestCase("[GainProtocol] partial struct A { void OnRead() { } }")]
    [TestCase(Framed + "{ void OnFrame() { } bool {|GAIN0005:OnRead|}() => true; }")]
    [Allows(ReadAndFrameAnalyzer.Id)]
    public Task One_of_them_is_not_reported(string source) =>
        RuleVerifier.Verify<ReadAndFrameAnalyzer>(source);
}
