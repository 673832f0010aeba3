using Gain.Analyzers.CodeFixes;
using Gain.Analyzers.Usage;
using Gain.Tests.Analyzers.Rules;

namespace Gain.Tests.Analyzers.Usage;

public sealed class HandlerKindTests
{
    [TestCase("[GainProtocol] partial class {|GAIN0001:A|} { void OnDrained() { } }")]
    [TestCase("[GainProtocol] class {|GAIN0001:A|} { void OnDrained() { } }")]
    [TestCase("[GainProtocol] record {|GAIN0001:A|}(int I);")]
    [TestCase("[GainProtocol] static class {|GAIN0001:A|};")]
    [TestCase("[GainProtocol, FixedSize(3)] partial class {|GAIN0001:A|} { async Task B() => await B(); }")]
    [TestCase("[GainProtocol] partial class {|GAIN0001:A|} { } partial class A { }")]
    [Reports(HandlerKindAnalyzer.Id)]
    public Task A_class_is_reported(string source) =>
        RuleVerifier.Verify<HandlerKindAnalyzer>(source);

    [TestCase("[GainProtocol] partial struct A { void OnDrained() { } }")]
    [TestCase("[GainProtocol] partial record struct A(int I) { void OnDrained() { } }")]
    [TestCase("[{|CS0592:GainProtocol|}] interface IA { void OnDrained(); }")]
    [TestCase("[Serializable] class A { void OnDrained() { } }")]
    [Allows(HandlerKindAnalyzer.Id)]
    public Task A_struct_and_another_class_are_not_reported(string source) =>
        RuleVerifier.Verify<HandlerKindAnalyzer>(source);

    [Test]
    public Task Fix_makes_a_struct_of_every_part() =>
        RuleVerifier.VerifyFix<HandlerKindAnalyzer, MakeStructFix>(
            """
            /// <summary>Kept.</summary>
            [GainProtocol]
            public sealed partial class {|GAIN0001:A|}
            {
                private int _calls;

                private void OnDrained() => _calls++;
            }

            sealed partial class A : IDisposable
            {
                public void Dispose() { }
            }

            [GainProtocol] partial record {|GAIN0001:B|}(int I) { void OnDrained() { } }
            """,
            """
            /// <summary>Kept.</summary>
            [GainProtocol]
            public partial struct A
            {
                private int _calls;

                private void OnDrained() => _calls++;
            }

            partial struct A : IDisposable
            {
                public void Dispose() { }
            }

            [GainProtocol] partial record struct B(int I) { void OnDrained() { } }
            """);
}
