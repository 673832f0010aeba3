using Gain.Analyzers.Usage;
using Gain.Tests.Analyzers.Rules;

namespace Gain.Tests.Analyzers.Usage;

public sealed class SessionAndCallbackTests
{
    private const string Session = "static async Session OnSession(SessionContext s) => await s.Drained(); ";
    private const string Plain = "[GainProtocol] partial struct A { " + Session;
    private const string Framed = "[GainProtocol, FixedSize(4)] partial struct A { " + Session;

    [TestCase(Plain + "void {|GAIN0017:OnRead|}() { } }")]
    [TestCase(Plain + "int {|GAIN0017:OnRead|}() => 0; }")]
    [TestCase(Framed + "void {|GAIN0017:OnFrame|}() { } }")]
    [TestCase(Framed + "void {|GAIN0017:OnFrame|}() { } void {|GAIN0017:OnRead|}() { } }")]
    [TestCase(Plain + "void {|GAIN0017:OnFrame|}() { } }")]
    [TestCase(Plain + "void {|GAIN0017:OnDrained|}() { } void {|GAIN0017:OnTimer|}() { } }")]
    [TestCase(Plain + "void {|GAIN0017:OnReadClosed|}() { } void {|GAIN0017:OnStopping|}() { } }")]
    [Reports(SessionAndCallbackAnalyzer.Id)]
    public Task Callback_whose_work_the_session_does_is_reported(string source) =>
        RuleVerifier.Verify<SessionAndCallbackAnalyzer>(source);

    [TestCase(Plain + "}")]
    [TestCase(Framed + "}")]
    [TestCase(Plain + "void OnAccept() { } void OnConnect() { } void OnWrite() { } void OnClose() { } }")]
    [TestCase(Framed + "void OnMessage(int message) { } void OnProtocolError() { } }")]
    [TestCase("[GainProtocol] partial struct A { void OnRead() { } }")]
    [TestCase("[GainProtocol] partial struct A { void OnRead() { } "
        + "async Session {|GAIN0005:OnSession|}(SessionContext s) => await s.Drained(); }")]
    [TestCase("[GainProtocol] partial struct A { void OnRead() { } "
        + "static async System.Threading.Tasks.Task {|GAIN0005:OnSession|}(SessionContext s) "
        + "=> await s.Drained(); }")]
    [Allows(SessionAndCallbackAnalyzer.Id)]
    public Task Callback_beside_the_session_is_not_reported(string source) =>
        RuleVerifier.Verify<SessionAndCallbackAnalyzer>(source);
}
