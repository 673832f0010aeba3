using Gain.Analyzers.CodeFixes;
using Gain.Analyzers.Usage;
using Gain.Tests.Analyzers.Rules;

namespace Gain.Tests.Analyzers.Usage;

public sealed class HandlerScopeTests
{
    [TestCase("[GainProtocol] ref partial struct {|GAIN0003:A|} { void OnDrained() { } }")]
    [TestCase("[GainProtocol] ref struct {|GAIN0003:A|} { void OnDrained() { } }")]
    [TestCase("[GainProtocol] file partial struct {|GAIN0003:A|} { void OnDrained() { } }")]
    [TestCase(
        "file partial class P { [GainProtocol] partial struct {|GAIN0003:A|} { void OnDrained() { } } }")]
    [Reports(HandlerScopeAnalyzer.Id)]
    public Task A_ref_struct_and_a_file_local_one_are_reported(string source) =>
        RuleVerifier.Verify<HandlerScopeAnalyzer>(source);

    [TestCase("[GainProtocol] internal readonly partial struct A { void OnDrained() { } }")]
    [TestCase("partial class P { [GainProtocol] private partial struct A { void OnDrained() { } } }")]
    [TestCase("file ref struct A { void OnDrained() { } }")]
    [Allows(HandlerScopeAnalyzer.Id)]
    public Task Other_structs_are_not_reported(string source) =>
        RuleVerifier.Verify<HandlerScopeAnalyzer>(source);

    [Test]
    public Task Fix_takes_the_modifiers_away() =>
        RuleVerifier.VerifyFix<HandlerScopeAnalyzer, RemoveModifierFix>(
            """
            // Kept.
            file partial class P
            {
                [GainProtocol]
                private ref partial struct {|GAIN0003:A|}
                {
                    private void OnDrained() { }
                }
            }

            /// <summary>Kept too.</summary>
            [GainProtocol]
            file partial struct {|GAIN0003:B|} { void OnDrained() { } }
            """,
            """
            // Kept.
            partial class P
            {
                [GainProtocol]
                private partial struct A
                {
                    private void OnDrained() { }
                }
            }

            /// <summary>Kept too.</summary>
            [GainProtocol]
            partial struct B { void OnDrained() { } }
            """);
}
