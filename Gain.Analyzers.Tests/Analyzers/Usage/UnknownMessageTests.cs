using Gain.Analyzers.Usage;
using Gain.Tests.Analyzers.Rules;

namespace Gain.Tests.Analyzers.Usage;

public sealed class UnknownMessageTests
{
    private const string Subscriber =
        "[GainProtocol] partial struct A { static void OnMessage(Connection c, long price) => c.Close(); } ";

    [TestCase("{|GAIN0016:handle.TryPost(1)|}")]
    [TestCase("{|GAIN0016:handle.TryPost<object>(1L)|}")]
    [TestCase("{|GAIN0016:handle.TryPost(\"text\")|}")]
    [Reports(UnknownMessageAnalyzer.Id)]
    public Task A_message_that_nobody_takes_is_reported(string code) =>
        RuleVerifier.Verify<UnknownMessageAnalyzer>(Subscriber + Source(code));

    [Test]
    [Reports(UnknownMessageAnalyzer.Id)]
    public Task Without_any_OnMessage_every_message_is_one() =>
        RuleVerifier.Verify<UnknownMessageAnalyzer>(
            "[GainProtocol] partial struct A { static void OnRead(Connection c) { } } "
            + Source("{|GAIN0016:handle.TryPost(1L)|}"));

    [TestCase("handle.TryPost(1L)")]
    [TestCase("handle.TryPost<long>(1)")]
    [TestCase("Post(handle, 1)")]
    [Allows(UnknownMessageAnalyzer.Id)]
    public Task A_message_that_somebody_takes_or_that_is_not_known_is_not(string code) =>
        RuleVerifier.Verify<UnknownMessageAnalyzer>(Subscriber + Source(code));

    private static string Source(string code) =>
        $"static class Feed {{ static bool Send(ConnectionHandle handle) => {code}; "
        + "static bool Post<T>(ConnectionHandle handle, T message) => handle.TryPost(message); }";
}
