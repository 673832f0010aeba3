using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>How connections over TLS end.</summary>
[TestFixture(GainRing.Uring, GainArchitecture.Sharding)]
[TestFixture(GainRing.Uring, GainArchitecture.Reactor)]
[TestFixture(GainRing.Epoll, GainArchitecture.Sharding)]
[TestFixture(GainRing.Epoll, GainArchitecture.Reactor)]
public class TlsEndTests(GainRing ring, GainArchitecture architecture)
    : TlsServerTestBase(ring, architecture)
{
    [Test]
    public async Task A_client_that_ends_in_order_is_still_answered()
    {
        GainServer server = Start(new JournalingEcho(Journal));
        await using SslStream client = await ConnectAsync(server);
        await client.WriteAsync("hello "u8.ToArray());
        await client.ShutdownAsync();
        Assert.That(Encoding.ASCII.GetString(await ReadToEndAsync(client)), Is.EqualTo("hello bye"));
        Assert.That((await Journal.AwaitAsync(2))[1], Is.EqualTo("closed Local"));
    }

    [Test]
    public async Task A_client_that_is_cut_off_is_told_from_one_that_ends()
    {
        GainServer server = Start(new JournalingEcho(Journal));
        Socket socket = await Clients.ConnectAsync(server);
        await using SslStream client = await SecureAsync(socket);
        await client.WriteAsync("last words"u8.ToArray());
        socket.Shutdown(SocketShutdown.Send);
        Assert.That(Encoding.ASCII.GetString(await ReadToEndAsync(client)), Is.EqualTo("last words"));
        Assert.That((await Journal.AwaitAsync(2))[1], Is.EqualTo("closed Truncated"));
    }

    [Test]
    public async Task A_client_that_never_reads_loses_nothing_of_what_it_sent()
    {
        GainServer server = Start(new Stuttering(Journal, []));
        Socket socket = await Clients.ConnectAsync(server);
        await using SslStream client = await SecureAsync(socket);
        await client.WriteAsync("only this"u8.ToArray());
        await client.ShutdownAsync();
        socket.Shutdown(SocketShutdown.Send);
        Assert.That((await Journal.AwaitAsync(1))[0], Is.EqualTo("read 9"));
    }

    [Test]
    public async Task A_close_is_announced_before_the_FIN()
    {
        GainServer server = Start(new JournalingEcho(Journal), new TlsServerOptions
        {
            Certificate = Certificates.For(Pair.Host),
        });
        using TlsContext context =
            TlsContext.ForClient(new TlsClientOptions { TrustedRoots = Certificates.Roots });
        using var peer = new Peer(context, Pair.Host);
        using Socket socket = await Clients.ConnectAsync(server);
        var buffer = new byte[70_000];
        bool isClosed = false;
        peer.Receive();
        for (int received = 1; received != 0;)
        {
            if (peer.Session.IsHandshaken && !isClosed)
            {
                isClosed = true;
                peer.Close();
            }

            await Clients.SendAllAsync(socket, peer.Sent.TakeAll());
            received = await socket.ReceiveAsync(buffer).WaitAsync(Clients.Patience);
            peer.Receive(buffer.AsSpan(0, received));
        }

        Assert.That(peer.ReceivedText, Is.EqualTo("bye"));
        Assert.That(peer.Session.HasReceivedClose, "close_notify");
    }

    [Test]
    public async Task A_stop_ends_connections_in_order()
    {
        GainServer server = Start(new JournalingEcho(Journal));
        await using SslStream client = await ConnectAsync(server);
        await client.WriteAsync("hello"u8.ToArray());
        await ReadAsync(client, 5);
        Task stopped = server.StopAsync();
        Assert.That(await ReadToEndAsync(client), Is.Empty, "a clean end");
        client.Dispose();
        await stopped.WaitAsync(Clients.Patience);
        Assert.That((await Journal.AwaitAsync(2))[1], Is.EqualTo("closed ServerStopped"));
    }

    [Test]
    public async Task Broken_records_end_the_connection_with_an_alert()
    {
        GainServer server = Start(new JournalingEcho(Journal));
        Socket socket = await Clients.ConnectAsync(server);
        await using SslStream client = await SecureAsync(socket);
        await client.WriteAsync("hello"u8.ToArray());
        await ReadAsync(client, 5);
        byte[] record = [23, 3, 3, 0, 32, .. new byte[32]];
        await Clients.SendAllAsync(socket, record);
        IOException fault = Assert.ThrowsAsync<IOException>(() => ReadToEndAsync(client))!;
        Assert.That($"{fault}", Does.Contain("bad record mac"));
        Assert.That((await Journal.AwaitAsync(2))[1], Is.EqualTo("closed ProtocolError"));
    }

    private static async Task<SslStream> SecureAsync(Socket socket)
    {
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true), false, (_, _, _, _) => true);
        await stream.AuthenticateAsClientAsync(Pair.Host).WaitAsync(Clients.Patience);
        return stream;
    }
}
