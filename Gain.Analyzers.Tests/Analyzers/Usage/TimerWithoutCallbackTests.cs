using Gain.Analyzers.Usage;
using Gain.Tests.Analyzers.Rules;

namespace Gain.Tests.Analyzers.Usage;

public sealed class TimerWithoutCallbackTests
{
    [TestCase("[GainProtocol] partial struct A { static void OnAccept(Connection c) => "
        + "{|GAIN0015:c.SetTimer(default)|}; }")]
    [TestCase("[GainProtocol] partial struct A { void OnRead(Connection c) { if (true) "
        + "{ {|GAIN0015:c.SetTimer(default)|}; } } void Tick(Connection c) { } }")]
    [Reports(TimerWithoutCallbackAnalyzer.Id)]
    public Task A_timer_that_nothing_hears_is_reported(string source) =>
        RuleVerifier.Verify<TimerWithoutCallbackAnalyzer>(source);

    [TestCase("[GainProtocol] partial struct A { static void OnAccept(Connection c) => c.SetTimer(default); "
        + "static void OnTimer(Connection c) => c.Close(); }")]
    [TestCase("[GainProtocol] partial struct A { static void OnAccept(Connection c) { "
        + "if (c.TryBorrow(c.Handle, out Connection other)) { other.SetTimer(default); } } }")]
    [TestCase("static class Helper { static void Set(Connection c) => c.SetTimer(default); }")]
    [Allows(TimerWithoutCallbackAnalyzer.Id)]
    public Task A_timer_with_a_callback_or_of_another_connection_is_not(string source) =>
        RuleVerifier.Verify<TimerWithoutCallbackAnalyzer>(source);
}
