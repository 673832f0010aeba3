using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gain.Hosting.Tests;

/// <summary>Bad configuration names the key, the value and what is allowed, and the host does not
/// start.</summary>
public sealed class BadConfigurationTests
{
    private const string Server = "Gain:Servers:echo";

    [TestCase("Limits:MaxConnections", "0", "GainOptions.Limits.MaxConnections is 0, but must be 1 to 16")]
    [TestCase("Limits:MaxConnections", "many", $"'many' at '{Server}:Limits:MaxConnections'")]
    [TestCase("Limits:MaxConections", "5", "'MaxConections'")]
    [TestCase("Timeouts:Idle", "00:00:00", "GainOptions.Timeouts.Idle is 00:00:00, but must be a time")]
    [TestCase("Timeout:Idle", "00:01:00", $"{Server}:Timeout is not a key of a server: it has Endpoints")]
    [TestCase("Accepting:AllowedNetworks:0", "10.0.0/99", "AllowedNetworks[0] is \"10.0.0/99\"")]
    [TestCase("Endpoints:main:Uri", "tcp://:1", $"{Server}:Endpoints:main:Uri is not a key of an end point")]
    [TestCase("Endpoints:other:Url", "", $"{Server}:Endpoints:other:Url is missing")]
    [TestCase("Endpoints:other:Url", "http://:1", "http://:1")]
    [TestCase("Endpoints:main:Certificate", "a", "Certificate is \"a\", but tcp://127.0.0.1:0 has no TLS")]
    [TestCase("Endpoints:other:Url", "tls://:1", "Endpoints:other:Certificate is missing: name one of")]
    public void Host_does_not_start_and_says_what_is_wrong(string key, string value, string expected)
    {
        using IHost host = TestHost.Build(
            services => services.AddGainServer<Echo>("echo"),
            ($"{Server}:Endpoints:main:Url", "tcp://127.0.0.1:0"),
            ($"{Server}:{key}", value));
        InvalidOperationException refused =
            Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync())!;
        Assert.That(
            refused.Message,
            Does.StartWith($"The server \"echo\" ({Server}) cannot start: ").And.Contain(expected));
    }

    [Test]
    public void Server_without_an_address_says_where_to_write_one()
    {
        using IHost host = TestHost.Build(services => services.AddGainServer<Echo>("echo"));
        InvalidOperationException refused =
            Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync())!;
        Assert.That(refused.Message, Does.Contain($"Set {Server}:Endpoints:main:Url"));
    }

    [TestCase("", "name")]
    [TestCase("a:b", "has a colon")]
    public void Impossible_name_is_refused_at_once(string name, string expected) =>
        Assert.That(
            Assert.Catch<ArgumentException>(() => new ServiceCollection().AddGainServer<Echo>(name))!.Message,
            Does.Contain(expected));

    [Test]
    public void Second_server_of_a_name_is_refused_at_once()
    {
        var services = new ServiceCollection();
        services.AddGainServer<Echo>("echo");
        Assert.That(
            Assert.Throws<ArgumentException>(() => services.AddGainServer<Greeter>("echo"))!.Message,
            Does.Contain("a server with the name \"echo\" already"));
    }

    [Test]
    public void Every_option_is_a_key_that_is_known()
    {
        Assert.That(
            ServerConfiguration.OptionKeys,
            Is.EquivalentTo(typeof(GainOptions).GetProperties().Select(one => one.Name)));
    }
}
