using Gain.Analyzers.Usage;
using Gain.Tests.Analyzers.Rules;

namespace Gain.Tests.Analyzers.Usage;

public sealed class SessionMessageTests
{
    private const string Awaits = "static async Session OnSession(SessionContext s) => await s.Drained(); ";

    private static string Taking(string type) =>
        $"[GainProtocol, SessionMessage<{type}>] partial struct A {{ {Awaits} }} ";

    [TestCase("[GainProtocol, {|GAIN0018:SessionMessage<int>|}] partial struct A { void OnAccept() { } }")]
    [TestCase(
        "[GainProtocol, {|GAIN0018:SessionMessage<int>|}] partial struct A { void OnMessage(int i) { } }")]
    [TestCase("[GainProtocol, {|GAIN0018:SessionMessage<P>|}] partial struct A { " + Awaits + "} "
        + "[PerWorker] public sealed class P { }")]
    [TestCase("[GainProtocol, {|GAIN0018:SessionMessage<F>|}] partial struct A { " + Awaits + "} "
        + "file sealed class F { }")]
    [Reports(SessionMessageAnalyzer.Id)]
    public Task Declaration_that_no_session_can_await_is_reported(string source) =>
        RuleVerifier.Verify<SessionMessageAnalyzer>(source);

    [TestCase("{|GAIN0018:s.Message<long>()|}")]
    [TestCase("{|GAIN0018:s.Message<string>()|}")]
    [Reports(SessionMessageAnalyzer.Id)]
    public Task Wait_for_a_type_that_is_not_declared_is_reported(string code) =>
        RuleVerifier.Verify<SessionMessageAnalyzer>(Taking("int") + Helper(code));

    [TestCase("s.Message<int>()", "int")]
    [TestCase("s.Message<string>()", "string")]
    [TestCase("s.Message<long[]>()", "long[]")]
    [TestCase("Any<long>(s)", "int")]
    [Allows(SessionMessageAnalyzer.Id)]
    public Task Wait_for_a_type_that_is_declared_or_not_known_is_not(string code, string type) =>
        RuleVerifier.Verify<SessionMessageAnalyzer>(Taking(type) + Helper(code));

    [Test]
    [Reports(SessionAndCallbackAnalyzer.Id)]
    public Task OnMessage_beside_the_attribute_is_reported() =>
        RuleVerifier.Verify<SessionAndCallbackAnalyzer>(
            "[GainProtocol, SessionMessage<int>] partial struct A { "
            + Awaits + "void {|GAIN0017:OnMessage|}(int message) { } }");

    [Test]
    [Allows(UnknownMessageAnalyzer.Id)]
    public Task Post_of_a_type_that_a_session_takes_is_not_reported() =>
        RuleVerifier.Verify<UnknownMessageAnalyzer>(
            Taking("long")
            + "static class Feed { static bool Send(ConnectionHandle handle) => handle.TryPost(1L); }");

    private static string Helper(string code) =>
        $"static class Helper {{ static async Part Wait(SessionContext s) => await {code}; "
        + "static async Part Any<T>(SessionContext s) where T : struct => await s.Message<T>(); }";
}
