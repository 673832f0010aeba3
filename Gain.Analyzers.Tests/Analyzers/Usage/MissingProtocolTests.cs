using Gain.Analyzers.Usage;
using Gain.Tests.Analyzers.Rules;

namespace Gain.Tests.Analyzers.Usage;

public sealed class MissingProtocolTests
{
    private const string Echo = "struct Echo { public void OnRead(Connection c) { } } ";

    [TestCase("GainServer.{|CS0315:{|GAIN0014:Start|}|}(new Echo(), \"tcp://:1\");")]
    [TestCase("GainServer.{|CS0315:{|GAIN0014:Start<Echo>|}|}(default, \"tcp://:1\");")]
    [TestCase("GainServer.{|CS0315:{|GAIN0014:StartAsync|}|}(new Echo(), \"tcp://:1\");")]
    [TestCase("GainServer.{|CS0315:{|GAIN0014:Listen|}|}(new Echo(), \"tcp://:1\");")]
    [TestCase("GainServer.Listen(new Served(), \"\").{|CS0315:{|GAIN0014:Listen|}|}(new Echo(), \"\");")]
    [TestCase("GainServer.Listen(new Served(), \"\").{|CS0315:{|GAIN0014:Dial|}|}(new Echo());")]
    [TestCase("GainServer.{|CS0453:{|GAIN0014:Start|}|}(\"echo\", \"tcp://:1\");")]
    [Reports(MissingProtocolAnalyzer.Id)]
    public Task A_type_without_the_attribute_is_named(string code) =>
        RuleVerifier.Verify<MissingProtocolAnalyzer>(Source(code));

    [TestCase("GainServer.Start(new Served(), \"tcp://:1\");")]
    [TestCase("GainServer.Start(new Served(), {|CS0103:nowhere|});")]
    [TestCase("Any(new Served()); static void Any<T>(T prototype) "
        + "where T : struct, Gain.CompilerServices.IProtocol<T> => GainServer.Start(prototype, \"\");")]
    [Allows(MissingProtocolAnalyzer.Id)]
    public Task A_handler_and_other_mistakes_are_not(string code) =>
        RuleVerifier.Verify<MissingProtocolAnalyzer>(Source(code));

    private static string Source(string code) =>
        Echo + "[GainProtocol] partial struct Served { static void OnRead(Connection c) { } } "
        + $"static class Program {{ static void Main() {{ {code} }} }}";
}
