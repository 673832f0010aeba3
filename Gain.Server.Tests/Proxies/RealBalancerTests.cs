using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Gain.Tests.Server.Proxies;

/// <summary>Listeners behind balancers that others wrote.</summary>
public class RealBalancerTests(GainRing ring) : ServerTest(ring)
{
    private Journal _journal = new();
    private RecordingLogger _logger = new();

    private GainServer Serve()
    {
        _journal = new Journal();
        _logger = new RecordingLogger { Least = Microsoft.Extensions.Logging.LogLevel.Information };
        return Start(
            GainServer.Listen(new ClientTeller(_journal), "tcp://127.0.0.1:0")
                .UseProxyProtocol(new ProxyProtocolOptions { TrustedNetworks = { "127.0.0.1" } }),
            new GainOptions { WorkerCount = 1, Logger = _logger });
    }

    private async Task AskAsync(BalancerProcess balancer, string version)
    {
        using Socket client = await balancer.ConnectAsync();
        await Clients.SendAllAsync(client, "hello"u8.ToArray());
        string wanted = $"{client.LocalEndPoint}\n";
        byte[] answer = await Clients.ReceiveExactlyAsync(client, wanted.Length);
        Assert.That(Encoding.ASCII.GetString(answer), Is.EqualTo(wanted));
        Assert.That(
            _journal.Entries,
            Does.Contain($"accept {version} {client.LocalEndPoint} > 127.0.0.1:{balancer.Port}"));
    }

    [TestCase("send-proxy", "V1")]
    [TestCase("send-proxy-v2", "V2")]
    [TestCase("send-proxy-v2 proxy-v2-options crc32c,unique-id", "V2")]
    public async Task HAProxy_tells_who_its_client_is(string options, string version)
    {
        GainServer server = Serve();
        await using BalancerProcess balancer = await BalancerProcess.HAProxyAsync(server, options);
        await AskAsync(balancer, version);
        Assert.That(server.Statistics.RejectedProxyHeaders, Is.Zero);
    }

    [Test]
    public async Task Checks_of_HAProxy_are_local_and_leave_no_trace()
    {
        GainServer server = Serve();
        await using BalancerProcess balancer = await BalancerProcess.HAProxyAsync(
            server, "send-proxy-v2 check inter 20ms");
        await _journal.AwaitAsync(one => one == "accept V2 local", 3);
        await AskAsync(balancer, "V2");
        await balancer.DisposeAsync();
        await AwaitAllClosedAsync(server);
        Assert.That(server.Statistics.RejectedProxyHeaders, Is.Zero);
        Assert.That(_logger.Messages.Entries, Has.None.Contains("PROXY"));
    }

    // Such a check connects, sees that it could, and resets.
    [Test]
    public async Task Checks_of_HAProxy_without_a_header_leave_no_trace()
    {
        GainServer server = Serve();
        await using BalancerProcess balancer = await BalancerProcess.HAProxyAsync(
            server, "send-proxy check check-send-proxy inter 20ms");
        await _journal.AwaitAsync(one => one.StartsWith("close", StringComparison.Ordinal), 3);
        Assert.That(server.Statistics.RejectedProxyHeaders, Is.Zero);
    }

    [Test]
    public async Task Nginx_tells_who_its_client_is()
    {
        GainServer server = Serve();
        await using BalancerProcess balancer = await BalancerProcess.NginxAsync(server);
        await AskAsync(balancer, "V1");
    }

    [Test]
    public async Task Curl_says_who_it_is()
    {
        GainServer server = Serve();
        var start = new ProcessStartInfo(
            "curl",
            [
                "--silent", "--max-time", "30", "--http0.9", "--haproxy-protocol",
                $"http://{server.EndPoints[0]}/",
            ])
        {
            RedirectStandardOutput = true,
        };
        using Process curl = Process.Start(start)!;

        // It reads to the end, which the stop is.
        string[] entries = await _journal.AwaitAsync(2);
        Task<string> output = curl.StandardOutput.ReadToEndAsync();
        await server.StopAsync(TimeSpan.FromSeconds(10)).WaitAsync(Clients.Patience);
        string said = (await output.WaitAsync(Clients.Patience)).TrimEnd();
        Assert.That(entries[0], Does.StartWith($"accept V1 {said} > {server.EndPoints[0]}"));
        Assert.That(entries[1], Does.StartWith("read GET / HTTP/1.1"));
    }
}
