using Gain.Analyzers.CodeFixes;
using Gain.Analyzers.Usage;
using Gain.Tests.Analyzers.Rules;

namespace Gain.Tests.Analyzers.Usage;

public sealed class AsyncCopyTests
{
    [TestCase("int _i; async Task {|GAIN0012:LoadAsync|}() { await Task.Yield(); _i++; }")]
    [TestCase("async ValueTask<int> {|GAIN0012:LoadAsync|}() { await Task.Yield(); return 1; }")]
    [TestCase(
        "public async IAsyncEnumerable<int> {|GAIN0012:Count|}() { await Task.Yield(); yield return 1; }")]
    [Reports(AsyncCopyAnalyzer.Id)]
    public Task An_async_method_that_may_write_to_a_copy_is_reported(string code) =>
        RuleVerifier.Verify<AsyncCopyAnalyzer>($$"""
            #pragma warning disable CS0414 // Samples write what nobody reads.
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

    [TestCase("static async Task LoadAsync() => await Task.Yield();")]
    [TestCase("readonly async Task LoadAsync() => await Task.Yield();")]
    [TestCase("Task LoadAsync() => Task.CompletedTask;")]
    [TestCase("async Task {|GAIN0005:OnAccept|}() => await Task.Yield();")]
    [Allows(AsyncCopyAnalyzer.Id)]
    public Task A_static_and_a_readonly_method_are_not_reported(string code) =>
        RuleVerifier.Verify<AsyncCopyAnalyzer>($$"""
            #pragma warning disable CS0414 // Samples write what nobody reads.
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

    [Test]
    public Task Fix_makes_the_method_readonly() =>
        RuleVerifier.VerifyFix<AsyncCopyAnalyzer, MakeReadOnlyFix>(
            """
            [GainProtocol]
            partial struct A
            {
                private void OnDrained() => _ = LoadAsync();

                // Kept.
                private async Task {|GAIN0012:LoadAsync|}() => await Task.Yield();

                /// <summary>Kept too.</summary>
                async Task {|GAIN0012:SaveAsync|}()
                {
                    await Task.Yield();
                }
            }
            """,
            """
            [GainProtocol]
            partial struct A
            {
                private void OnDrained() => _ = LoadAsync();

                // Kept.
                private readonly async Task LoadAsync() => await Task.Yield();

                /// <summary>Kept too.</summary>
                readonly async Task SaveAsync()
                {
                    await Task.Yield();
                }
            }
            """);
}
