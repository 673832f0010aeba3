using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>One side of a connection over TLS ends, and connections of which one is over TLS are
/// coupled.</summary>
[TestFixture(GainRing.Uring, GainArchitecture.Sharding)]
[TestFixture(GainRing.Epoll, GainArchitecture.Reactor)]
public class TlsRelayTests(GainRing ring, GainArchitecture architecture)
    : TlsServerTestBase(ring, architecture)
{
    // More than the sockets hold, so that either side has to wait for the other.
    private static readonly byte[] s_up = Clients.Pattern(8_000_000, 1);
    private static readonly byte[] s_down = Clients.Pattern(7_000_000, 2);

    [Test]
    public async Task Side_ends_with_close_notify_and_reading_goes_on()
    {
        GainServer server = Start(new TlsHalving(Journal));
        await using SslStream client = await ConnectAsync(server);
        await client.WriteAsync("ask"u8.ToArray());
        Assert.That(Encoding.ASCII.GetString(await ReadToEndAsync(client)), Is.EqualTo("answer"));
        await client.WriteAsync("more"u8.ToArray());
        await client.ShutdownAsync();
        Assert.That(await Journal.AwaitAsync(2), Is.EqualTo(new[] { "read more", "closed PeerClosed" }));
    }

    [Test]
    public async Task All_bytes_go_both_ways_between_TLS_and_plain_text()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        DialTarget target = DialTarget.FromIPEndPoint((IPEndPoint)listener.LocalEndPoint!);
        GainServer server = Start(
            GainServer.Listen(new TlsRelay(Journal, target), "tls://127.0.0.1:0").UseTls(Options())
                .Dial(new PlainEnd(Journal)));
        await using SslStream client = await ConnectAsync(server);
        using Socket upstream = await listener.AcceptAsync().WaitAsync(Clients.Patience);
        Task sentUp = SendUpAsync(client);
        Assert.That((await Clients.ReceiveToEndAsync(upstream)).AsSpan().SequenceEqual(s_up), "up");
        await sentUp;
        Task<byte[]> gotDown = ReadToEndAsync(client);
        await Clients.SendAllAsync(upstream, s_down);
        upstream.Shutdown(SocketShutdown.Send);
        Assert.That((await gotDown).AsSpan().SequenceEqual(s_down), "down");
        Assert.That(
            await Journal.AwaitAsync(2),
            Is.EquivalentTo(new[] { "closed PeerClosed", "plain closed PeerClosed" }));
    }

    [Test]
    public async Task All_bytes_go_both_ways_from_TLS_to_TLS()
    {
        using var listener = new SecureListener();
        GainServer server = Start(
            GainServer.Listen(new TlsRelay(Journal, listener.Target), "tls://127.0.0.1:0").UseTls(Options())
                .Dial(new PlainEnd(Journal))
                .UseTls(new TlsClientOptions { TrustedRoots = Certificates.Roots }));
        await using SslStream client = await ConnectAsync(server);

        // Before the handshake of the dial: it waits, within the watermark.
        Task sentUp = SendUpAsync(client);
        await using SslStream upstream = await listener.SecureAsync(await listener.AcceptAsync());
        Assert.That((await ReadToEndAsync(upstream)).AsSpan().SequenceEqual(s_up), "up");
        await sentUp;
        Task<byte[]> gotDown = ReadToEndAsync(client);
        await upstream.WriteAsync(s_down);
        await upstream.ShutdownAsync();
        Assert.That((await gotDown).AsSpan().SequenceEqual(s_down), "down");
        Assert.That(
            await Journal.AwaitAsync(2),
            Is.EquivalentTo(new[] { "closed PeerClosed", "plain closed PeerClosed" }));
    }

    [Test]
    public async Task A_dial_whose_handshake_fails_closes_its_partner()
    {
        using var listener = new SecureListener();
        GainServer server = Start(
            GainServer.Listen(new TlsRelay(Journal, listener.Target), "tls://127.0.0.1:0").UseTls(Options())
                .Dial(new PlainEnd(Journal))
                .UseTls(new TlsClientOptions { TrustedRoots = Certificates.Roots }));
        await using SslStream client = await ConnectAsync(server);
        using (Socket upstream = await listener.AcceptAsync())
        {
            await Clients.SendAllAsync(upstream, "no TLS here\r\n"u8.ToArray());
            await Clients.ReceiveToEndAsync(upstream);
        }

        Assert.That(await ReadToEndAsync(client), Is.Empty);
        string[] entries = await Journal.AwaitAsync(2);
        Assert.That(entries[0], Does.StartWith("failed HandshakeFailed (Protocol"));
        Assert.That(entries[1], Is.EqualTo("closed Coupled"));
    }

    [Test]
    public async Task Client_that_is_cut_off_resets_the_other_end()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        DialTarget target = DialTarget.FromIPEndPoint((IPEndPoint)listener.LocalEndPoint!);
        GainServer server = Start(
            GainServer.Listen(new TlsRelay(Journal, target), "tls://127.0.0.1:0").UseTls(Options())
                .Dial(new PlainEnd(Journal)));
        Socket socket = await Clients.ConnectAsync(server);
        await using SslStream client = await SecureAsync(new NetworkStream(socket, ownsSocket: true));
        using Socket upstream = await listener.AcceptAsync().WaitAsync(Clients.Patience);
        await client.WriteAsync("half"u8.ToArray());
        Assert.That(await Clients.ReceiveExactlyAsync(upstream, 4), Is.EqualTo("half"u8.ToArray()));
        socket.Shutdown(SocketShutdown.Send);
        var reset = Assert.ThrowsAsync<SocketException>(() => Clients.ReceiveToEndAsync(upstream))!;
        Assert.That(reset.SocketErrorCode, Is.EqualTo(SocketError.ConnectionReset));
        Assert.That(
            await Journal.AwaitAsync(2),
            Is.EquivalentTo(new[] { "closed Truncated", "plain closed Coupled" }));
    }

    private static async Task SendUpAsync(SslStream client)
    {
        await client.WriteAsync(s_up);
        await client.ShutdownAsync();
    }
}
