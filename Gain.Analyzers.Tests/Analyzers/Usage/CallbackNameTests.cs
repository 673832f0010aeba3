using Gain.Analyzers.CodeFixes;
using Gain.Analyzers.Usage;
using Gain.Tests.Analyzers.Rules;

namespace Gain.Tests.Analyzers.Usage;

public sealed class CallbackNameTests
{
    [TestCase("void {|GAIN0006:OnRecieve|}(Connection connection, ReadOnlySpan<byte> data) { }")]
    [TestCase("void {|GAIN0006:OnReceive|}(ReadOnlySpan<byte> data) { }")]
    [TestCase("int {|GAIN0006:OnReda|}(ReadOnlySpan<byte> data) => 0;")]
    [TestCase("void {|GAIN0006:onRead|}(Connection connection) { }")]
    [TestCase("void {|GAIN0006:OnFrme|}(ReadOnlySpan<byte> frame) { }")]
    [TestCase("static void {|GAIN0006:OnConnected|}(Connection connection) { }")]
    [TestCase("public void {|GAIN0006:OnDisconnect|}(Connection connection, CloseReason reason) { }")]
    [TestCase("void {|GAIN0006:OnClosed|}(CloseReason reason) { }")]
    [TestCase("void {|GAIN0006:OnSent|}(int bytes) { }")]
    [TestCase("void {|GAIN0006:OnError|}(ProtocolError error) { }")]
    [Reports(CallbackNameAnalyzer.Id)]
    public Task A_name_that_is_nearly_a_callbacks_is_reported(string code) =>
        RuleVerifier.Verify<CallbackNameAnalyzer>($$"""
            [GainProtocol]
            partial struct A
            {
                {{code}}
                private void OnDrained() { }
            }
            """);

    [TestCase("void Read(ReadOnlySpan<byte> data) { }")]
    [TestCase("void OnRecieve(string text) { }")]
    [TestCase("void OnLogin(Connection connection) { }")]
    [TestCase(
        "void OnRead(ReadOnlySpan<byte> data) => OnData(data); void OnData(ReadOnlySpan<byte> data) { }")]
    [TestCase("void OnRead() => Run(OnData); void Run(Action act) => act(); static void OnData() { }")]
    [TestCase("void OnRead() { } void OnReceive() { }")]
    [TestCase("Action OnReceive => () => { };")]
    [TestCase("void OnReceive<T>(T data) { }")]
    [Allows(CallbackNameAnalyzer.Id)]
    public Task Other_names_and_what_the_handler_itself_calls_are_not_reported(string code) =>
        RuleVerifier.Verify<CallbackNameAnalyzer>($$"""
            [GainProtocol]
            partial struct A
            {
                {{code}}
                private void OnDrained() { }
            }
            """);

    [Test]
    public Task Fix_renames_to_the_callback_meant() =>
        RuleVerifier.VerifyFix<CallbackNameAnalyzer, RenameCallbackFix>(
            """
            [GainProtocol]
            partial struct A
            {
                // Kept.
                private void {|GAIN0006:OnRecieve|}(ReadOnlySpan<byte> data) => Log(nameof(OnRecieve));

                private void {|GAIN0006:OnConnection|}() { }

                private static void Log(string name) => Console.WriteLine(name);
            }

            [GainProtocol, FixedSize(4)]
            partial struct B
            {
                void {|GAIN0006:OnReceive|}(ReadOnlySpan<byte> data) { }
            }
            """,
            """
            [GainProtocol]
            partial struct A
            {
                // Kept.
                private void OnRead(ReadOnlySpan<byte> data) => Log(nameof(OnRead));

                private void OnAccept() { }

                private static void Log(string name) => Console.WriteLine(name);
            }

            [GainProtocol, FixedSize(4)]
            partial struct B
            {
                void OnFrame(ReadOnlySpan<byte> data) { }
            }
            """);

    [Test]
    public Task Implementation_of_an_interface_is_not_reported() =>
        RuleVerifier.VerifyUsage("""
            interface IListens { void OnData(ReadOnlySpan<byte> data); }

            [GainProtocol] partial struct A : IListens
            {
                public void OnData(ReadOnlySpan<byte> data) { }
                void OnDrained() { }
            }
            """);

    [TestCase("OnRead", "OnRead", 0)]
    [TestCase("OnRead", "onRead", 1)]
    [TestCase("OnRead", "OnReda", 1)]
    [TestCase("OnRead", "OnReads", 1)]
    [TestCase("OnRead", "OnReceive", 5)]
    [TestCase("", "On", 2)]
    [TestCase("OnClose", "OnClosing", 3)]
    public void Distance_counts_the_slips(string left, string right, int slips)
    {
        Assert.That(EditDistance.Between(left, right), Is.EqualTo(slips));
        Assert.That(EditDistance.Between(right, left), Is.EqualTo(slips));
    }
}
