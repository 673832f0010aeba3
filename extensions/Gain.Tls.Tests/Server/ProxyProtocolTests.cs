using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>TLS behind a load balancer that says, in front of it, who the client is.</summary>
[TestFixture(GainRing.Uring, GainArchitecture.Sharding)]
[TestFixture(GainRing.Uring, GainArchitecture.Reactor)]
[TestFixture(GainRing.Epoll, GainArchitecture.Sharding)]
public class ProxyProtocolTests(GainRing ring, GainArchitecture architecture)
    : TlsServerTestBase(ring, architecture)
{
    private GainServer StartBehind(TlsServerOptions? tls = null) => Start(
        GainServer.Listen(new PeerNamer(), "tls://127.0.0.1:0")
            .UseTls(tls ?? Options())
            .UseProxyProtocol(new ProxyProtocolOptions { TrustedNetworks = { "127.0.0.0/8" } }));

    [TestCase(1)]
    [TestCase(1_000)]
    public async Task A_header_comes_before_the_handshake(int pieces)
    {
        GainServer server = StartBehind();
        Socket socket = await Clients.ConnectAsync(server);
        socket.NoDelay = true;
        byte[] header = "PROXY TCP4 192.0.2.1 198.51.100.9 56324 443\r\n"u8.ToArray();
        for (int at = 0; at < header.Length; at += pieces)
        {
            await Clients.SendAllAsync(socket, header.AsMemory(at, Math.Min(pieces, header.Length - at)));
        }

        await using SslStream stream = await SecureAsync(new NetworkStream(socket, ownsSocket: true));
        await stream.WriteAsync("?"u8.ToArray());
        Assert.That(await ReadAsync(stream, 15), Is.EqualTo("192.0.2.1:56324"u8.ToArray()));
    }

    [Test]
    public async Task A_handshake_without_a_header_ends_the_connection()
    {
        GainServer server = StartBehind();
        Assert.ThrowsAsync(
            Is.InstanceOf<IOException>().Or.InstanceOf<AuthenticationException>(),
            () => ConnectAsync(server));
        await Logger.Messages.AwaitAsync(entry => entry.Contains("begins with something else"), 1);
        Assert.That(
            (server.Statistics.RejectedProxyHeaders, server.Statistics.FailedHandshakes), Is.EqualTo((1, 0)));
    }

    // Both in one segment: what follows the header is the handshake's.
    [Test]
    public async Task A_handshake_that_fails_behind_a_header_is_the_handshakes_failure()
    {
        GainServer server = StartBehind();
        using Socket socket = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(socket, "PROXY UNKNOWN\r\nGET / HTTP/1.1\r\n\r\n"u8.ToArray());
        byte[] alert = await Clients.ReceiveExactlyAsync(socket, 7);
        Assert.That(alert[0], Is.EqualTo(21));
        await Logger.Messages.AwaitAsync(entry => entry.Contains("was not set up"), 1);

        // It is counted when the connection is over.
        await server.StopAsync(TimeSpan.FromSeconds(1)).WaitAsync(Clients.Patience);
        Assert.That(
            (server.Statistics.RejectedProxyHeaders, server.Statistics.FailedHandshakes), Is.EqualTo((0, 1)));
    }
}
