using System.Net.Security;
using System.Net.Sockets;
using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>Dials whose handshake comes to no end: OnConnectFailed, once, and nothing else.</summary>
[TestFixture(GainRing.Uring, GainArchitecture.Sharding)]
[TestFixture(GainRing.Epoll, GainArchitecture.Sharding)]
public class TlsDialHandshakeTests(GainRing ring, GainArchitecture architecture)
    : TlsServerTestBase(ring, architecture)
{
    // A record of a handshake that is 512 bytes long, of which these are the first.
    private static readonly byte[] s_begun = [22, 3, 3, 2, 0, 2, 0, 1, 252, 3, 3];

    // A new one for each test: a dial that was given up may wait in its queue.
    private SecureListener _listener = null!;

    [SetUp]
    public void Listen() => _listener = new SecureListener();

    [TearDown]
    public void Close() => _listener.Dispose();

    [Test]
    public async Task A_server_that_never_answers_is_given_up_in_time()
    {
        TlsClientOptions client = Client();
        client.HandshakeTimeout = TimeSpan.FromMilliseconds(100);
        (GainServer server, Task<ConnectionHandle> dial) = Begin(client);
        using Socket upstream = await _listener.AcceptAsync();
        await AssertFailedAsync(server, dial, "it took longer than 00:00:00.1");
        Assert.ThrowsAsync<SocketException>(() => Clients.ReceiveToEndAsync(upstream), "a reset");
    }

    [Test]
    public async Task A_handshake_in_time_has_no_deadline_after_it()
    {
        TlsClientOptions client = Client();
        client.HandshakeTimeout = TimeSpan.FromMilliseconds(400);
        (GainServer server, Task<ConnectionHandle> dial) = Begin(client);
        await using SslStream upstream = await _listener.SecureAsync(await _listener.AcceptAsync());
        await dial.WaitAsync(Clients.Patience);
        Task<ConnectionHandle> silent = server.DialAsync(new TlsUpstream(Journal), _listener.Target);
        using Socket other = await _listener.AcceptAsync();
        await Journal.AwaitAsync(entry => entry.Contains("took longer"), 1);
        Assert.ThrowsAsync<GainException>(() => silent);
        await upstream.WriteAsync("hello"u8.ToArray());
        await Journal.AwaitAsync(entry => entry == "read hello", 1);
    }

    [TestCase(false, false)]
    [TestCase(false, true)]
    [TestCase(true, false)]
    [TestCase(true, true)]
    public async Task A_server_that_goes_in_the_handshake_has_failed_it(bool hasBegun, bool resets)
    {
        (GainServer server, Task<ConnectionHandle> dial) = Begin(Client());
        using Socket upstream = await _listener.AcceptAsync();
        if (hasBegun)
        {
            // What we sent is read, so that a close is a FIN.
            await Clients.ReceiveExactlyAsync(upstream, 100);
            await Clients.SendAllAsync(upstream, s_begun);
        }
        else if (resets)
        {
            // A reset that comes before the dialling end has seen its connect is no failure of TLS.
            await Clients.ReceiveExactlyAsync(upstream, 1);
        }

        if (resets)
        {
            Clients.Reset(upstream);
        }
        else
        {
            upstream.Shutdown(SocketShutdown.Send);
        }

        await AssertFailedAsync(
            server,
            dial,
            resets ? "the other end reset the connection" : "the other end closed the connection");
    }

    [TestCase("HTTP/1.1 400 Bad Request\r\n\r\n", "Protocol")]
    [TestCase("220 ready\r\n", "Protocol")]
    [TestCase("no TLS here\r\n", "Protocol")]
    public async Task A_server_that_speaks_no_TLS_gets_an_alert(string text, string why)
    {
        (GainServer server, Task<ConnectionHandle> dial) = Begin(Client());
        using Socket upstream = await _listener.AcceptAsync();
        await Clients.SendAllAsync(upstream, System.Text.Encoding.ASCII.GetBytes(text));
        byte[] sent = await Clients.ReceiveToEndAsync(upstream);
        Assert.That(sent[^7], Is.EqualTo(21), "an alert");
        await AssertFailedAsync(server, dial, why);
    }

    [Test]
    public async Task A_stop_does_not_wait_for_a_handshake()
    {
        (GainServer server, Task<ConnectionHandle> dial) = Begin(Client());
        using Socket upstream = await _listener.AcceptAsync();
        await Clients.ReceiveExactlyAsync(upstream, 100);
        Task stopped = server.StopAsync(TimeSpan.FromSeconds(30));
        await Clients.ReceiveToEndAsync(upstream);
        upstream.Close();
        await stopped.WaitAsync(TimeSpan.FromSeconds(20));
        await AssertFailedAsync(server, dial, null);
    }

    [Test]
    public async Task A_dial_is_cancelled_in_its_handshake()
    {
        using var cancel = new CancellationTokenSource();
        (GainServer server, Task<ConnectionHandle> dial) = Begin(Client(), cancel.Token);
        using Socket upstream = await _listener.AcceptAsync();
        await Clients.ReceiveExactlyAsync(upstream, 100);
        await cancel.CancelAsync();
        Assert.ThrowsAsync<TaskCanceledException>(() => dial);
        Assert.That((await Journal.AwaitAsync(1))[0], Does.StartWith("failed Cancelled"));
        Assert.ThrowsAsync<SocketException>(() => Clients.ReceiveToEndAsync(upstream), "a reset");
    }

    // What was written before must not go out without TLS.
    [TestCase("close")]
    [TestCase("abort")]
    [TestCase("")]
    public async Task A_dial_that_its_handler_gives_up_sends_nothing_as_plain_text(string end)
    {
        TlsClientOptions client = Client();
        GainServer server = Start(
            GainServer.Listen(new TlsDialler(Journal, _listener.Target, 100, end), "tcp://127.0.0.1:0")
                .Dial(new TlsUpstream(Journal)).UseTls(client));
        using Socket downstream = await Clients.ConnectAsync(server);
        if (end.Length != 0)
        {
            Assert.That((await Journal.AwaitAsync(1))[0], Does.StartWith("failed Cancelled"));
            return;
        }

        using Socket upstream = await _listener.AcceptAsync();
        byte[] hello = await Clients.ReceiveExactlyAsync(upstream, 5);
        int rest = (hello[3] << 8) | hello[4];
        await Clients.ReceiveExactlyAsync(upstream, rest);
        await Clients.SendAllAsync(upstream, "no\r\n--------"u8.ToArray());
        byte[] sent = await Clients.ReceiveToEndAsync(upstream);
        Assert.That(sent, Has.Length.EqualTo(7), "an alert alone");
        Assert.That((await Journal.AwaitAsync(1))[0], Does.StartWith("failed HandshakeFailed"));
    }

    [Test]
    public async Task Handshakes_beyond_those_of_a_turn_come_in_the_next()
    {
        TlsClientOptions client = Client();
        client.MaxHandshakesPerTurn = 1;
        TlsServerOptions options = Options();
        options.Certificate = Certificates.For("127.0.0.1");
        GainServer server = Start(
            GainServer.Listen(new Echo(), "tls://127.0.0.1:0").UseTls(options)
                .Dial(new TlsUpstream(Journal)).UseTls(client));
        DialTarget target = DialTarget.Parse($"tls://127.0.0.1:{server.EndPoints[0].Port}");
        ConnectionHandle[] up = await Task.WhenAll(
            Enumerable.Range(0, 30).Select(_ => server.DialAsync(new TlsUpstream(Journal), target)))
            .WaitAsync(Clients.Patience);
        foreach (ConnectionHandle handle in up)
        {
            Assert.That(handle.TrySend("hello"u8), Is.True);
        }

        await Journal.AwaitAsync(entry => entry == "read hello", 30);
    }

    [Test]
    public async Task A_handshake_that_failed_is_dialled_again()
    {
        var redial = new RedialOptions
        {
            FirstDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(1),
        };
        GainServer server = Start(
            GainServer.Listen(new TlsDialler(Journal, _listener.Target, length: 5), "tcp://127.0.0.1:0")
                .Dial(new TlsUpstream(Journal), new DialOptions { Redial = redial }).UseTls(Client()));
        using Socket client = await Clients.ConnectAsync(server);
        (await _listener.AcceptAsync()).Dispose();
        using (Socket second = await _listener.AcceptAsync())
        {
            await second.SendAsync("HTTP/1.1 400\r\n\r\n"u8.ToArray());
            await Journal.AwaitAsync(Fails, 2);
        }

        await using SslStream third = await _listener.SecureAsync(await _listener.AcceptAsync());
        await Journal.AwaitAsync(3);
        Assert.That(Journal.Entries.Count(Fails), Is.EqualTo(2));
        Assert.That(Journal.Entries[2], Does.StartWith("connect "));
        await third.WriteAsync("hello"u8.ToArray());
        await Journal.AwaitAsync(entry => entry == "read hello", 1);
    }

    private static bool Fails(string entry) =>
        entry.StartsWith($"failed {ConnectFailureReason.HandshakeFailed}", StringComparison.Ordinal);

    private static TlsClientOptions Client() => new() { TrustedRoots = Certificates.Roots };

    private (GainServer Server, Task<ConnectionHandle> Dial) Begin(
        TlsClientOptions client, CancellationToken token = default)
    {
        GainServer server = Start(
            GainServer.Listen(new Echo(), "tcp://127.0.0.1:0").Dial(new TlsUpstream(Journal)).UseTls(client));
        return (server, server.DialAsync(new TlsUpstream(Journal), _listener.Target, token));
    }

    private async Task AssertFailedAsync(GainServer server, Task<ConnectionHandle> dial, string? why)
    {
        GainException fault = Assert.ThrowsAsync<GainException>(() => dial.WaitAsync(Clients.Patience))!;
        ConnectFailure failure = fault.ConnectFailure!.Value;
        Assert.That(failure.Reason, Is.EqualTo(
            why is null ? ConnectFailureReason.Cancelled : ConnectFailureReason.HandshakeFailed));
        Assert.That(failure.Detail ?? "", Does.Contain(why ?? ""));
        Assert.That(failure.Target.Port, Is.EqualTo(_listener.Port));
        await server.StopAsync(TimeSpan.FromSeconds(1)).WaitAsync(Clients.Patience);
        Assert.That(Journal.Entries, Has.Length.EqualTo(1));
        Assert.That(Journal.Entries[0], Does.StartWith($"failed {failure.Reason} {failure.Target}"));
        Assert.That(server.Statistics.FailedConnects, Is.EqualTo(1));
        Assert.That(server.Statistics.FailedHandshakes + server.Statistics.Connected, Is.Zero);
    }
}
