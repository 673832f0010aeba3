using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gain.Hosting.Tests;

/// <summary>End points of a configuration that changes while the host runs.</summary>
public sealed class EndpointReloadTests
{
    private const string EndPoints = "Gain:Servers:echo:Endpoints";

    private LogJournal _log = null!;

    [SetUp]
    public void MakeLog() => _log = new LogJournal();

    [TearDown]
    public void DisposeLog() => _log.Dispose();

    [Test]
    public async Task End_points_that_are_added_are_served_and_those_removed_no_longer()
    {
        var configuration = new ChangingConfiguration(($"{EndPoints}:a:Url", "tcp://127.0.0.1:0"));
        using IHost host = Build(configuration);
        await host.StartAsync();
        GainServer server = TestHost.Of(host, "echo").Server;
        IPEndPoint first = server.EndPoints[0];
        using Socket kept = await ConnectAsync(first);
        Assert.That(await AskAsync(kept), Is.EqualTo("ping"));

        configuration.Replace(
            ($"{EndPoints}:a:Url", "tcp://127.0.0.1:0"), ($"{EndPoints}:b:Url", "tcp://127.0.0.1:0"));
        string added = await _log.AwaitAsync("listens on the end point b: tcp://127.0.0.1:");
        Assert.That(added, Does.StartWith("[server echo] Information Gain.echo"));
        Assert.That(server.EndPoints, Has.Count.EqualTo(2));
        Assert.That(server.EndPoints[0], Is.EqualTo(first), "what has not changed stays open");
        using Socket second = await ConnectAsync(server.EndPoints[1]);
        Assert.That(await AskAsync(second), Is.EqualTo("ping"));

        configuration.Replace(($"{EndPoints}:b:Url", "tcp://127.0.0.1:0"));
        await _log.AwaitAsync($"No longer listening on tcp://{first}");
        Assert.That(server.EndPoints, Has.Count.EqualTo(1));
        Assert.ThrowsAsync<SocketException>(() => ConnectAsync(first));
        Assert.That(await AskAsync(kept), Is.EqualTo("ping"), "connections go on");
        Assert.That(await AskAsync(second), Is.EqualTo("ping"));
        await host.StopAsync();
    }

    [Test]
    public async Task An_end_point_that_takes_the_place_of_what_it_was_is_opened_when_that_is_closed()
    {
        int port = FreePort();
        var configuration = new ChangingConfiguration(($"{EndPoints}:a:Url", $"tcp://127.0.0.1:{port}"));
        using IHost host = Build(configuration);
        await host.StartAsync();
        GainServer server = TestHost.Of(host, "echo").Server;
        configuration.Replace(($"{EndPoints}:a:Url", $"tcp4://:{port}"));
        await _log.AwaitAsync($"//0.0.0.0:{port}");
        using Socket client = await ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        Assert.That(await AskAsync(client), Is.EqualTo("ping"));
        Assert.That(server.EndPoints, Has.Count.EqualTo(1));
        await host.StopAsync();
    }

    [TestCase("Url", "tcp://nonsense", "nonsense")]
    [TestCase("Uri", "tcp://127.0.0.1:0", "is not a key of an end point")]
    [TestCase("Url", "udp://127.0.0.1:0", "datagrams")]
    [TestCase("Url", "tls://127.0.0.1:0", "Certificate is missing")]
    [TestCase("Url", null, "is missing")]
    public async Task One_that_cannot_be_used_is_logged_and_what_was_there_stays(
        string key, string? value, string expected)
    {
        var configuration = new ChangingConfiguration(($"{EndPoints}:a:Url", "tcp://127.0.0.1:0"));
        using IHost host = Build(configuration);
        await host.StartAsync();
        GainServer server = TestHost.Of(host, "echo").Server;
        configuration.Replace(
            ($"{EndPoints}:a:Url", "tcp://127.0.0.1:0"), ($"{EndPoints}:b:{key}", value));
        string line = await _log.AwaitAsync("does not follow a change of its end points");
        Assert.That(line, Does.StartWith("[server echo] Error").And.Contain(expected));
        Assert.That(server.EndPoints, Has.Count.EqualTo(1));
        using Socket client = await ConnectAsync(server.EndPoints[0]);
        Assert.That(await AskAsync(client), Is.EqualTo("ping"));
        await host.StopAsync();
    }

    [Test]
    public async Task One_that_becomes_an_address_of_somebody_else_stays_as_it_was()
    {
        int port = FreePort();
        using var rival = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        rival.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        rival.Listen();
        var configuration = new ChangingConfiguration(($"{EndPoints}:a:Url", $"tcp://127.0.0.1:{port}"));
        using IHost host = Build(configuration);
        await host.StartAsync();
        configuration.Replace(($"{EndPoints}:a:Url", $"tcp://{rival.LocalEndPoint}"));
        await _log.AwaitAsync("does not follow a change of its end points");
        using Socket client = await ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        Assert.That(await AskAsync(client), Is.EqualTo("ping"));
        await host.StopAsync();
    }

    [Test]
    public async Task A_configuration_without_an_end_point_is_not_followed()
    {
        var configuration = new ChangingConfiguration(($"{EndPoints}:a:Url", "tcp://127.0.0.1:0"));
        using IHost host = Build(configuration);
        await host.StartAsync();
        configuration.Replace();
        await _log.AwaitAsync($"{EndPoints} has none left");
        Assert.That(TestHost.Of(host, "echo").Server.EndPoints, Has.Count.EqualTo(1));
        await host.StopAsync();
    }

    private IHost Build(ChangingConfiguration configuration)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { DisableDefaults = true });
        ((IConfigurationBuilder)builder.Configuration).Add(configuration);
        builder.Logging.AddProvider(_log);
        builder.Services.AddGainServer<Echo>("echo").Configure(options => options.WorkerCount = 2);
        return builder.Build();
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static async Task<Socket> ConnectAsync(IPEndPoint endPoint)
    {
        var client = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await client.ConnectAsync(endPoint).WaitAsync(TestHost.Patience);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private static async Task<string> AskAsync(Socket client)
    {
        await client.SendAsync("ping"u8.ToArray()).WaitAsync(TestHost.Patience);
        byte[] answer = new byte[16];
        int received = await client.ReceiveAsync(answer).WaitAsync(TestHost.Patience);
        return System.Text.Encoding.ASCII.GetString(answer, 0, received);
    }
}
