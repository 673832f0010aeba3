using Gain.Analyzers.Usage;
using Gain.Tests.Analyzers.Rules;

namespace Gain.Tests.Analyzers.Usage;

public sealed class AsyncVoidTests
{
    [TestCase("async void {|GAIN0011:OnAccept|}() => await Task.Yield();")]
    [TestCase("static async void {|GAIN0011:OnAccept|}() => await Task.Yield();")]
    [TestCase("async void {|GAIN0011:OnAccept|}(string text) => await Task.Yield();")]
    [TestCase("void OnAccept() => Load(); static async void {|GAIN0011:Load|}() => await Task.Yield();")]
    [Reports(AsyncVoidAnalyzer.Id)]
    public Task An_async_void_method_is_reported(string code) =>
        RuleVerifier.Verify<AsyncVoidAnalyzer>($$"""
            [GainProtocol]
            partial struct A
            {
                {{code}}
                private void OnDrained() { }
            }

            static class P
            {
                public static GainServer Start() => GainServer.Start(new A(), "tcp://127.0.0.1:0");
            }
            """);

    [TestCase("void OnAccept() => _ = LoadAsync(); static async Task LoadAsync() => await Task.Yield();")]
    [TestCase("void OnAccept() { }")]
    [Allows(AsyncVoidAnalyzer.Id)]
    public Task A_task_is_not_reported(string code) =>
        RuleVerifier.Verify<AsyncVoidAnalyzer>($$"""
            [GainProtocol]
            partial struct A
            {
                {{code}}
                private void OnDrained() { }
            }

            static class P
            {
                public static GainServer Start() => GainServer.Start(new A(), "tcp://127.0.0.1:0");
            }
            """);
}
