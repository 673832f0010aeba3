using Gain.Analyzers.Usage;
using Gain.Tests.Analyzers.Rules;

namespace Gain.Tests.Analyzers.Usage;

public sealed class DuplicateCallbackTests
{
    [TestCase("void OnAccept() { } void {|GAIN0007:OnAccept|}(Connection c) { }")]
    [TestCase(
        "void OnWrite() { } void {|GAIN0007:OnWrite|}(Connection c) { } void {|GAIN0007:OnWrite|}(int n) {}")]
    [TestCase("static int OnRead(Connection c) => 0; void {|GAIN0007:OnRead|}(ReadOnlySpan<byte> d) { }")]
    [Reports(DuplicateCallbackAnalyzer.Id)]
    public Task A_second_callback_of_a_name_is_reported(string code) =>
        RuleVerifier.Verify<DuplicateCallbackAnalyzer>($$"""
            [GainProtocol]
            partial struct A
            {
                {{code}}
            }

            static class P
            {
                public static GainServer Start() => GainServer.Start(new A(), "tcp://127.0.0.1:0");
            }
            """);

    [TestCase("void OnAccept() { } void OnWrite() { }")]
    [TestCase("void OnAccept(Connection a) { } void {|CS0111:OnAccept|}(Connection b) { }")]
    [TestCase("void OnAccept() { } void {|GAIN0005:OnAccept|}(string text) { }")]
    [Allows(DuplicateCallbackAnalyzer.Id)]
    public Task One_callback_of_each_name_and_what_the_compiler_reports_are_not_reported(string code) =>
        RuleVerifier.Verify<DuplicateCallbackAnalyzer>($$"""
            [GainProtocol]
            partial struct A
            {
                {{code}}
            }

            static class P
            {
                public static GainServer Start() => GainServer.Start(new A(), "tcp://127.0.0.1:0");
            }
            """);
}
