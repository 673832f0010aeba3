using System.Net.Security;
using System.Net.Sockets;
using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>Connections that are dialled over TLS, to servers of ours.</summary>
[TestFixture(GainRing.Uring, GainArchitecture.Sharding)]
[TestFixture(GainRing.Uring, GainArchitecture.Reactor)]
[TestFixture(GainRing.Epoll, GainArchitecture.Sharding)]
public class TlsDialTests(GainRing ring, GainArchitecture architecture)
    : TlsServerTestBase(ring, architecture)
{
    [TestCase(TlsVersion.Tls12, "TLSv1.2")]
    [TestCase(TlsVersion.Tls13, "TLSv1.3")]
    public async Task A_server_dials_over_TLS_and_is_answered(TlsVersion version, string name)
    {
        TlsClientOptions client = Client();
        client.MaximumVersion = version;
        client.ApplicationProtocols.Add("gain");
        GainServer server = Echoing(client, "127.0.0.1");
        ConnectionHandle up = await DialAsync(server, "127.0.0.1");
        Assert.That(up.TrySend("hello"u8), Is.True);
        await Journal.AwaitAsync(2);
        Assert.That(up.TryClose(), Is.True);
        Assert.That(
            await Journal.AwaitAsync(3),
            Is.EqualTo(new[] { $"connect {name} gain  127.0.0.1", "read hello", "closed Local" }));
        await server.StopAsync(TimeSpan.FromSeconds(1)).WaitAsync(Clients.Patience);
        GainStatistics statistics = server.Statistics;
        Assert.That(statistics.FailedHandshakes + statistics.FailedConnects, Is.Zero);
        Assert.That(statistics.Connected, Is.EqualTo(1));
    }

    // Nobody listens at [::1], which comes first or second.
    [Test]
    public async Task A_name_with_several_addresses_is_the_one_that_the_certificate_is_for()
    {
        GainServer server = Echoing(Client(), "localhost");
        await DialAsync(server, "localhost");
        Assert.That((await Journal.AwaitAsync(1))[0], Is.EqualTo("connect TLSv1.3  localhost localhost"));
    }

    [TestCase("server.example", "IP address mismatch")]
    [TestCase("127.0.0.2", "IP address mismatch")]
    public async Task A_certificate_for_another_host_is_refused(string name, string why)
    {
        GainServer server = Echoing(Client(), name);
        GainException fault = Assert.ThrowsAsync<GainException>(() => DialAsync(server, "127.0.0.1"))!;
        Assert.That(fault.ConnectFailure!.Value.Reason, Is.EqualTo(ConnectFailureReason.HandshakeFailed));
        Assert.That(fault.ConnectFailure!.Value.Detail, Does.Contain(why));
        Assert.That(fault.Message, Does.StartWith("Cannot connect to tls://127.0.0.1:").And.Contain(why));
        string[] entries = await Journal.AwaitAsync(1);
        Assert.That(
            entries[0],
            Does.StartWith($"failed HandshakeFailed {server.EndPoints[0]} Certificate, ").And.Contain(why));
        await server.StopAsync(TimeSpan.FromSeconds(1)).WaitAsync(Clients.Patience);
        Assert.That(Journal.Entries, Has.Length.EqualTo(1));
        Assert.That(server.Statistics.FailedConnects, Is.EqualTo(1));
        Assert.That(server.Statistics.Connected, Is.Zero);
        Assert.That(server.Statistics.FailedHandshakes, Is.EqualTo(1), "the accepted end's");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Another_host_may_be_named_or_the_check_be_left_out(bool isNamed)
    {
        TlsClientOptions client = Client();
        client.TargetHost = isNamed ? Pair.Host : null;
        client.CheckHostName = isNamed;
        GainServer server = Echoing(client, Pair.Host);
        await DialAsync(server, "127.0.0.1");
        string name = isNamed ? Pair.Host : "";
        Assert.That((await Journal.AwaitAsync(1))[0], Is.EqualTo($"connect TLSv1.3  {name} {Pair.Host}"));
    }

    [Test]
    public void A_root_that_the_system_does_not_know_is_not_trusted()
    {
        GainServer server = Echoing(new TlsClientOptions(), "127.0.0.1");
        AssertRefused(server, "certificate");
    }

    [Test]
    public void Protocols_and_versions_that_have_nothing_in_common_are_refused()
    {
        TlsClientOptions other = Client();
        other.ApplicationProtocols.Add("other");
        AssertRefused(Echoing(other, "127.0.0.1"), "alert 120 received");
        TlsServerOptions old = For("127.0.0.1");
        old.MaximumVersion = TlsVersion.Tls12;
        TlsClientOptions recent = Client();
        recent.MinimumVersion = TlsVersion.Tls13;
        AssertRefused(Echoing(recent, old), "alert 70 received");
    }

    [Test]
    public async Task A_client_shows_its_certificate_to_a_server_that_asks()
    {
        TlsServerOptions asking = ClientCertificateTests.Asking(TlsClientCertificates.Required);
        asking.Certificate = Certificates.For("127.0.0.1");
        TlsClientOptions client = Client();
        client.Certificate = Certificates.For("alice");
        var accepted = new Journal();
        GainServer server = Start(
            GainServer.Listen(new JournalingEcho(accepted), "tls://127.0.0.1:0").UseTls(asking)
                .Dial(new TlsUpstream(Journal)).UseTls(client));
        await DialAsync(server, "127.0.0.1");
        Assert.That((await accepted.AwaitAsync(1))[0], Does.Contain("alice"));
    }

    // In TLS 1.3 the client is done before the server has looked at its certificate.
    [TestCase(TlsVersion.Tls12)]
    [TestCase(TlsVersion.Tls13)]
    public async Task A_client_without_a_certificate_is_told_by_the_version(TlsVersion version)
    {
        TlsServerOptions asking = ClientCertificateTests.Asking(TlsClientCertificates.Required);
        asking.Certificate = Certificates.For("127.0.0.1");
        asking.MaximumVersion = version;
        GainServer server = Echoing(Client(), asking);
        if (version == TlsVersion.Tls12)
        {
            AssertRefused(server, "alert 40 received");
            return;
        }

        await DialAsync(server, "127.0.0.1");
        string[] entries = await Journal.AwaitAsync(2);
        Assert.That(entries[0], Does.StartWith("connect TLSv1.3"));
        Assert.That(entries[1], Is.EqualTo("closed ProtocolError"));
    }

    [TestCase(10, "")]
    [TestCase(2_000_000, "drained TLS")]
    public async Task What_is_written_before_it_is_up_goes_out_over_TLS(int length, string drained)
    {
        using var listener = new SecureListener();
        GainServer server = Dialling(listener, length);
        using Socket client = await Clients.ConnectAsync(server);
        await using SslStream upstream = await listener.SecureAsync(await listener.AcceptAsync());
        Assert.That(await ReadAsync(upstream, length), Is.EqualTo(new byte[length]));
        string[] entries = await Journal.AwaitAsync(drained.Length == 0 ? 1 : 2);
        Assert.That(entries[0], Does.StartWith("connect TLSv1.3"));
        Assert.That(entries.Skip(1), Is.EqualTo(drained.Length == 0 ? [] : new[] { drained }));
        await upstream.WriteAsync("hello"u8.ToArray());
        await Journal.AwaitAsync(entry => entry == "read hello", 1);
        await upstream.ShutdownAsync();
        await Journal.AwaitAsync(entry => entry == "closed PeerClosed", 1);
    }

    [Test]
    public async Task A_FIN_without_close_notify_is_a_truncation()
    {
        using var listener = new SecureListener();
        GainServer server = Dialling(listener, 1);
        using Socket client = await Clients.ConnectAsync(server);
        Socket socket = await listener.AcceptAsync();
        await using SslStream upstream = await listener.SecureAsync(socket);
        await ReadAsync(upstream, 1);
        socket.Shutdown(SocketShutdown.Send);
        Assert.That((await Journal.AwaitAsync(2))[1], Is.EqualTo("closed Truncated"));
    }

    [Test]
    public async Task A_throw_when_it_is_up_ends_it()
    {
        TlsClientOptions options = Client();
        GainServer server = Start(
            GainServer.Listen(new Echo(), "tls://127.0.0.1:0").UseTls(For("127.0.0.1"))
                .Dial(new TlsUpstream(Journal, throws: true)).UseTls(options));
        _ = server.DialAsync(
            new TlsUpstream(Journal, throws: true),
            DialTarget.Parse($"tls://127.0.0.1:{server.EndPoints[0].Port}"));
        Assert.That((await Journal.AwaitAsync(2))[1], Is.EqualTo("closed HandlerFault"));
    }

    [Test]
    public async Task A_client_alone_dials_over_TLS()
    {
        GainServer server = Echoing(Client(), "127.0.0.1");
        await using GainClient<TlsUpstream> client = GainClient.Dial(new TlsUpstream(Journal))
            .UseTls(Client()).Start(new GainOptions { Ring = Ring, WorkerCount = 1 });
        ConnectionHandle up = await client.DialAsync(
            DialTarget.Parse($"tls://127.0.0.1:{server.EndPoints[0].Port}")).WaitAsync(Clients.Patience);
        Assert.That(up.TrySend("hello"u8), Is.True);
        Assert.That((await Journal.AwaitAsync(2))[1], Is.EqualTo("read hello"));
    }

    [Test]
    public async Task The_same_type_dials_without_TLS_as_well()
    {
        GainServer server = Start(
            GainServer.Listen(new Echo(), "tcp://127.0.0.1:0")
                .Dial(new TlsUpstream(Journal)).UseTls(Client()));
        await server.DialAsync(new TlsUpstream(Journal), DialTarget.FromIPEndPoint(server.EndPoints[0]))
            .WaitAsync(Clients.Patience);
        Assert.That((await Journal.AwaitAsync(1))[0], Is.EqualTo("connect plain"));
    }

    [Test]
    public void Mistakes_say_what_to_do()
    {
        GainServer server = Start(
            GainServer.Listen(new Echo(), "tcp://127.0.0.1:0").Dial(new TlsUpstream(Journal)));
        InvalidOperationException unknown =
            Assert.ThrowsAsync<InvalidOperationException>(() => DialAsync(server, "127.0.0.1"))!;
        Assert.That(
            unknown.Message,
            Does.StartWith($"Cannot dial tls://127.0.0.1:{server.EndPoints[0].Port}: TlsUpstream has no ")
                .And.Contain(".UseTls(new TlsClientOptions()) behind .Dial(new TlsUpstream())"));
        GainException nothing = Assert.Throws<GainException>(
            () => GainServer.Listen(new Echo(), "tcp://127.0.0.1:0").UseTls(Client()))!;
        Assert.That(nothing.Message, Does.Contain("nothing to dial with").And.Contain("Call Dial before"));
        GainException twice = Assert.Throws<GainException>(
            () => GainClient.Dial(new TlsUpstream(Journal)).UseTls(Client()).UseTls(Client()))!;
        Assert.That(twice.Message, Does.Contain("nothing to dial with"));
    }

    [TestCase("not a host", nameof(TlsClientOptions.TargetHost))]
    [TestCase("", nameof(TlsClientOptions.TargetHost))]
    [TestCase(null, nameof(TlsClientOptions.HandshakeTimeout))]
    public void Options_that_cannot_be_used_are_refused_at_once(string? host, string option)
    {
        TlsClientOptions options = Client();
        options.TargetHost = host;
        options.HandshakeTimeout = host is null ? TimeSpan.Zero : TimeSpan.FromSeconds(1);
        TlsException fault = Assert.Throws<TlsException>(
            () => GainClient.Dial(new TlsUpstream(Journal)).UseTls(options))!;
        Assert.That(fault.Message, Does.StartWith(option));
    }

    [TestCase(TlsVersion.Tls12, true)]
    [TestCase(TlsVersion.Tls13, true)]
    [TestCase(TlsVersion.Tls13, false)]
    public async Task A_server_that_is_dialled_again_is_resumed(TlsVersion version, bool resumes)
    {
        TlsClientOptions client = Client();
        client.MaximumVersion = version;
        client.ResumesSessions = resumes;
        GainServer server = Echoing(client, "127.0.0.1");

        // There are two workers at most, and each keeps its own.
        for (int i = 0; i < 6; i++)
        {
            ConnectionHandle up = await DialAsync(server, "127.0.0.1");
            Assert.That(up.TrySend("hello"u8), Is.True);
            await Journal.AwaitAsync(entry => entry == "read hello", i + 1);
            Assert.That(up.TryClose(), Is.True);
            await Journal.AwaitAsync(entry => entry == "closed Local", i + 1);
        }

        int resumed = Journal.Entries.Count(entry => entry.EndsWith("127.0.0.1 resumed"));
        Assert.That(resumed, resumes ? Is.InRange(4, 5) : Is.Zero);
    }

    private static TlsClientOptions Client() => new() { TrustedRoots = Certificates.Roots };

    private static TlsServerOptions For(string host)
    {
        TlsServerOptions options = Options();
        options.Certificate = Certificates.For(host);
        return options;
    }

    private GainServer Echoing(TlsClientOptions client, string host) => Echoing(client, For(host));

    private GainServer Echoing(TlsClientOptions client, TlsServerOptions server) => Start(
        GainServer.Listen(new Echo(), "tls://127.0.0.1:0").UseTls(server)
            .Dial(new TlsUpstream(Journal)).UseTls(client));

    private GainServer Dialling(SecureListener listener, int length) => Start(
        GainServer.Listen(new TlsDialler(Journal, listener.Target, length), "tcp://127.0.0.1:0")
            .Dial(new TlsUpstream(Journal)).UseTls(Client()));

    private Task<ConnectionHandle> DialAsync(GainServer server, string host) => server.DialAsync(
        new TlsUpstream(Journal),
        DialTarget.Parse($"tls://{host}:{server.EndPoints[0].Port}")).WaitAsync(Clients.Patience);

    private void AssertRefused(GainServer server, string why)
    {
        GainException fault = Assert.ThrowsAsync<GainException>(() => DialAsync(server, "127.0.0.1"))!;
        Assert.That(fault.ConnectFailure!.Value.Reason, Is.EqualTo(ConnectFailureReason.HandshakeFailed));
        Assert.That(fault.ConnectFailure!.Value.Detail, Does.Contain(why));
    }
}
