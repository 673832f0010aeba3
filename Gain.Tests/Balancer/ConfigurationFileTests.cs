namespace Gain.Tests.Balancer;

/// <summary>Files that examples/Proxy cannot use: it names the key, the value, and what is allowed.</summary>
public sealed class ConfigurationFileTests
{
    private static readonly string s_good = """
        {
          "workers": 1,
          "limits": { "maxConnections": 100, "bufferBytes": 65536 },
          "timeouts": { "connect": "5s", "idle": null },
          "listeners": [
            { "address": "tcp://127.0.0.1:0", "pool": "main", "names": { "a.example": "main" } }
          ],
          "pools": { "main": { "backends": ["tcp://127.0.0.1:9"], "tries": 1, "sendProxy": "v2",
            "check": { "interval": "1s", "rise": 1 } } }
        }
        """;

    [Test]
    public async Task The_file_that_the_others_are_made_of_can_be_used()
    {
        await using ProxyProgram proxy = await ProxyProgram.StartAsync(s_good);
        await proxy.StopAsync();
    }

    [TestCase("\"workers\": 1", "\"workers\": 0", "workers is 0", "from 1 to")]
    [TestCase("\"workers\": 1", "\"workers\": \"two\"", "line 2, workers", "two", "whole number")]
    [TestCase("\"workers\": 1", "\"colour\": 1", "line 2, colour", "no such key", "workers, ring, status")]
    [TestCase("\"workers\": 1", "\"workers\": 1, \"workers\": 2", "workers", "uplicate")]
    [TestCase("\"rise\": 1", "\"raise\": 1", "pools.main.check.raise", "interval, timeout, rise, fall")]
    [TestCase("\"connect\": \"5s\"", "\"connect\": \"5\"", "timeouts.connect", "`", "\"250ms\"")]
    [TestCase("\"connect\": \"5s\"", "\"connect\": \"0s\"", "timeouts.connect", "above 0")]
    [TestCase("\"connect\": \"5s\"", "\"connect\": \"3h\"", "timeouts.connect is 03:00:00", "at most")]
    [TestCase("\"connect\": \"5s\"", "\"drain\": \"9999h\"", "timeouts.drain", "9999h", "at most 480h")]
    [TestCase("\"pool\": \"main\"", "\"pool\": \"a\"", "listeners[0].pool is \"a\"", "the pools are main")]
    [TestCase("\"pool\": \"main\"", "\"pool\": 7", "listeners[0].pool", "7", "must be a text")]
    [TestCase("\"a.example\"", "\"a_b c\"", "listeners[0].names", "a_b c", "*.example.org")]
    [TestCase("tcp://127.0.0.1:0", "udp://:0", "listeners[0].address is \"udp://:0\"", "tcp://host:port")]
    [TestCase("tcp://127.0.0.1:0", "tcp://127.0.0.1:x", "127.0.0.1:x", "port")]
    [TestCase("tcp://127.0.0.1:9", "tcp://a", "main.backends[0] is \"tcp://a\"", "name-or-address:port")]
    [TestCase("tcp://127.0.0.1:9", "udp://127.0.0.1:9", "pools.main.backends[0]", "unix:///path")]
    [TestCase("[\"tcp://127.0.0.1:9\"]", "[]", "pools.main.backends has 0 entries", "1 to 64")]
    [TestCase("[\"tcp://127.0.0.1:9\"]", "\"tcp://127.0.0.1:9\"", "pools.main.backends", "a list of texts")]
    [TestCase("\"tries\": 1", "\"tries\": 17", "pools.main.tries is 17", "from 1 to 16")]
    [TestCase("\"v2\"", "\"v3\"", "pools.main.sendProxy is \"v3\"", "v1 or v2")]
    [TestCase("\"bufferBytes\": 65536", "\"bufferBytes\": 1", "limits.bufferBytes is 1", "from 4096")]
    [TestCase("\"limits\": {", "\"limits\": null, \"x\": {", "limits", "null")]
    [TestCase("\"workers\": 1,", "\"workers\": 1", "line 3", "','")]
    [TestCase("\"main\": {", "\"ma in\": {", "listeners[0].pool is \"main\"", "the pools are ma in")]
    public async Task What_is_wrong_is_named_with_what_is_allowed(
        string from, string to, params string[] parts)
    {
        Assert.That(s_good, Does.Contain(from));
        (int exitCode, string errors) = await ProxyProgram.RunAsync(
            s_good.Replace(from, to, StringComparison.Ordinal));
        Assert.That(errors, Does.StartWith("gain-proxy: "));
        Assert.Multiple(() =>
        {
            foreach (string part in parts)
            {
                Assert.That(errors, Does.Contain(part));
            }
        });
        Assert.That(exitCode, Is.EqualTo(2), errors);
    }
}
