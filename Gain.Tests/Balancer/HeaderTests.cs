using System.Net;
using System.Net.Sockets;
using System.Text;
using Gain.Tests.Server;

namespace Gain.Tests.Balancer;

/// <summary>PROXY headers before and behind examples/Proxy, with a real HAProxy on either side.</summary>
public sealed class HeaderTests(string ring) : ProxyTest(ring)
{
    private const string Trusted = "\"proxyProtocol\": { \"trusted\": [\"127.0.0.1\"] }";

    [TestCase("send-proxy")]
    [TestCase("send-proxy-v2")]
    public async Task What_HAProxy_in_front_says_of_its_client_reaches_the_backend(string option)
    {
        await using TestBackend backend = TestBackend.Start();
        await using ProxyProgram proxy = await ProxyProgram.StartAsync(
            File([backend.Address], "\"sendProxy\": \"v1\"", listener: Trusted));
        await using BalancerProcess front = await BalancerProcess.HAProxyAsync($"{proxy.Endpoint}", option);
        using Socket client = await front.ConnectAsync();
        await Clients.SendAllAsync(client, "hello"u8.ToArray());
        Socket server = await backend.AcceptedAsync();
        var end = (IPEndPoint)client.LocalEndPoint!;
        string wanted = $"PROXY TCP4 127.0.0.1 127.0.0.1 {end.Port} {front.Port}\r\nhello";
        Assert.That(await ReadTextAsync(server, wanted.Length), Is.EqualTo(wanted));
    }

    [TestCase("v1")]
    [TestCase("v2")]
    public async Task HAProxy_behind_takes_the_header_and_the_bytes_and_minds_no_check(
        string version)
    {
        await using TestBackend backend = TestBackend.Start();
        await using BalancerProcess behind = await BalancerProcess.HAProxyAsync(
            $"{backend.EndPoint}", "send-proxy", bind: "accept-proxy");
        string check = "\"check\": { \"interval\": \"20ms\", \"timeout\": \"5s\" }";
        await using ProxyProgram proxy = await ProxyProgram.StartAsync(
            File([$"tcp://127.0.0.1:{behind.Port}"], $"\"sendProxy\": \"{version}\", {check}"));
        using Socket client = await proxy.ConnectAsync();
        byte[] sent = Clients.Pattern(1 << 20, 6);
        Task<byte[]> exchange = ExchangeAsync(client, sent);
        var end = (IPEndPoint)client.LocalEndPoint!;
        string wanted = $"PROXY TCP4 127.0.0.1 127.0.0.1 {end.Port} {proxy.Endpoint.Port}\r\n";
        Socket server = await AcceptedWithAsync(backend, wanted);
        Assert.That(await Clients.ReceiveToEndAsync(server), Is.EqualTo(sent));
        await Clients.SendAllAsync(server, sent);
        server.Shutdown(SocketShutdown.Send);
        Assert.That(await exchange, Is.EqualTo(sent));
        Assert.That(proxy.Errors, Does.Not.Contain("is down"));
    }

    [Test]
    public async Task Who_is_not_trusted_is_not_served()
    {
        await using TestBackend backend = TestBackend.Start();
        await using ProxyProgram proxy = await ProxyProgram.StartAsync(File(
            [backend.Address], listener: "\"proxyProtocol\": { \"trusted\": [\"192.0.2.0/24\"] }"));
        Assert.That(await ReceivedAsync(proxy), Is.Empty);
        string status = await proxy.AwaitStatusAsync(Figure("connections", backend.Address, 0));
        Assert.That(status, Does.Contain("gain_proxy_pool_refused{pool=\"main\"} 0"));
    }

    // It may be reset, even before the connect has returned.
    private static async Task<byte[]> ReceivedAsync(ProxyProgram proxy)
    {
        try
        {
            using Socket client = await proxy.ConnectAsync();
            return await Clients.ReceiveToEndAsync(client);
        }
        catch (SocketException)
        {
            return [];
        }
    }

    // HAProxy hands on the checks as connections of their own, with a header that says so.
    private static async Task<Socket> AcceptedWithAsync(TestBackend backend, string header)
    {
        while (true)
        {
            Socket socket = await backend.AcceptedAsync();
            string line = "";
            while (!line.EndsWith('\n') && await socket.ReceiveAsync(new byte[1], SocketFlags.Peek) > 0)
            {
                line += Encoding.ASCII.GetString(await Clients.ReceiveExactlyAsync(socket, 1));
            }

            if (line == header)
            {
                return socket;
            }
        }
    }
}
