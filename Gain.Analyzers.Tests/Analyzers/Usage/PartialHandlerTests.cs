using Gain.Analyzers.CodeFixes;
using Gain.Analyzers.Usage;
using Gain.Tests.Analyzers.Rules;

namespace Gain.Tests.Analyzers.Usage;

public sealed class PartialHandlerTests
{
    [TestCase("[GainProtocol] struct {|GAIN0002:A|} { void OnDrained() { } }")]
    [TestCase("[GainProtocol] record struct {|GAIN0002:A|} { void OnDrained() { } }")]
    [TestCase("[GainProtocol] public readonly struct {|GAIN0002:A|}<T> { void OnDrained() { } }")]
    [TestCase("class P { [GainProtocol] partial struct {|GAIN0002:A|} { void OnDrained() { } } }")]
    [TestCase("class P { class Q { [GainProtocol] partial struct {|GAIN0002:A|} { void OnWrite() { } } } }")]
    [TestCase("[GainProtocol] struct {|GAIN0002:A|};")]
    [Reports(PartialHandlerAnalyzer.Id)]
    public Task Handler_or_type_around_it_that_is_not_partial_is_reported(string source) =>
        RuleVerifier.Verify<PartialHandlerAnalyzer>(source);

    [TestCase("[GainProtocol] partial struct A { void OnDrained() { } }")]
    [TestCase("partial class P { [GainProtocol] readonly partial record struct A { void OnDrained() { } } }")]
    [TestCase("struct A { void OnDrained() { } }")]
    [TestCase("namespace N { class GainProtocolAttribute : Attribute; [GainProtocol] struct A; }")]
    [Allows(PartialHandlerAnalyzer.Id)]
    public Task Partial_handler_and_other_struct_are_not_reported(string source) =>
        RuleVerifier.Verify<PartialHandlerAnalyzer>(source);

    [Test]
    public Task Fix_makes_the_whole_chain_partial() =>
        RuleVerifier.VerifyFix<PartialHandlerAnalyzer, MakePartialFix>(
            """
            public static class P
            {
                // Kept.
                struct Q
                {
                    /// <summary>Kept too.</summary>
                    [GainProtocol]
                    struct {|GAIN0002:A|}
                    {
                        void OnDrained() { }
                    }
                }
            }

            [GainProtocol] public struct {|GAIN0002:B|} { void OnDrained() { } }
            """,
            """
            public static partial class P
            {
                // Kept.
                partial struct Q
                {
                    /// <summary>Kept too.</summary>
                    [GainProtocol]
                    partial struct A
                    {
                        void OnDrained() { }
                    }
                }
            }

            [GainProtocol] public partial struct B { void OnDrained() { } }
            """);
}
