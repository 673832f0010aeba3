using System.Text;

namespace Gain.Tls.Tests;

/// <summary>What can be set, and what cannot be turned on.</summary>
public class OptionTests
{
    [Test]
    public void The_servers_preferred_protocol_is_chosen()
    {
        TlsServerOptions server = Pair.ServerOptions();
        server.ApplicationProtocols.Add("h2");
        server.ApplicationProtocols.Add("http/1.1");
        using Pair pair = new Pair(server, Speaking("http/1.1", "h2")).Connect();
        Assert.That(Encoding.ASCII.GetString(pair.Server.Session.ApplicationProtocol), Is.EqualTo("h2"));
        Assert.That(Encoding.ASCII.GetString(pair.Client.Session.ApplicationProtocol), Is.EqualTo("h2"));
    }

    [Test]
    public void Protocols_without_one_in_common_are_refused_with_no_application_protocol()
    {
        TlsServerOptions server = Pair.ServerOptions();
        server.ApplicationProtocols.Add("h2");
        using var pair = new Pair(server, Speaking("h", "h22", "spdy"));
        pair.Pump();
        Assert.That(pair.Client.Session.Failure.AlertReceived, Is.EqualTo(120), pair.Faults());
        Assert.That(pair.Server.Session.Failure.AlertSent, Is.EqualTo(120));
    }

    [Test]
    public void A_client_without_protocols_is_served()
    {
        TlsServerOptions server = Pair.ServerOptions();
        server.ApplicationProtocols.Add("h2");
        using Pair pair = new Pair(server).Connect();
        Assert.That(pair.Server.Session.ApplicationProtocol.IsEmpty, Is.True);
    }

    [Test]
    public void A_version_below_the_minimum_is_refused()
    {
        TlsServerOptions server = Pair.ServerOptions();
        server.MinimumVersion = TlsVersion.Tls13;
        TlsClientOptions client = Pair.ClientOptions();
        client.MaximumVersion = TlsVersion.Tls12;
        using var pair = new Pair(server, client);
        pair.Pump();
        Assert.That(pair.Client.Session.Failure.AlertReceived, Is.EqualTo(70), "protocol_version");
    }

    [TestCase(TlsVersion.Tls12, "TLSv1.2", "ECDHE-ECDSA-CHACHA20-POLY1305")]
    [TestCase(TlsVersion.Tls13, "TLSv1.3", "TLS_AES_128_GCM_SHA256")]
    public void Versions_ciphers_and_groups_are_those_that_were_set(TlsVersion version, string name,
        string cipher)
    {
        TlsServerOptions server = RecordTests.Only(Pair.ServerOptions(), version);
        server.Ciphers = "ECDHE+CHACHA20";
        server.CipherSuites = "TLS_AES_128_GCM_SHA256";
        server.Groups = "P-384";
        using Pair pair = new Pair(server).Connect();
        Assert.That((pair.Server.Session.Version, pair.Server.Session.Cipher), Is.EqualTo((name, cipher)));
        TlsClientOptions client = Pair.ClientOptions();
        client.Groups = "X25519";
        using var other = new Pair(server, client);
        other.Pump();
        Assert.That(other.Server.Session.IsHandshaken, Is.False, "there is no group in common");
    }

    [Test]
    public void An_option_that_cannot_be_used_is_named()
    {
        AssertInvalid(options => options.Ciphers = "NONSENSE", "NONSENSE");
        AssertInvalid(options => options.CipherSuites = "TLS_NONSENSE", "TLS_NONSENSE");
        AssertInvalid(options => options.Groups = "P-1", "P-1");
        AssertInvalid(options => options.MaximumVersion = (TlsVersion)0x0302, "770");
        AssertInvalid(options => options.MinimumVersion = TlsVersion.None, "None to Tls13");
        AssertInvalid(options => options.ApplicationProtocols.Add(""), "0 bytes");
        AssertInvalid(options => options.Certificate = null, "Certificate");
    }

    [TestCase("other.example", "hostname mismatch")]
    [TestCase("192.0.2.7", "IP address mismatch")]
    public void A_certificate_for_another_host_is_refused_by_a_client(string host, string reason)
    {
        using var pair = new Pair(host: host);
        pair.Pump();
        Assert.That(pair.Client.Session.Failure.Kind, Is.EqualTo(TlsFailureKind.Certificate));
        Assert.That(pair.Client.Session.Failure.Describe(), Does.Contain(reason));
    }

    [Test]
    public void A_certificate_for_an_address_is_accepted_and_no_name_is_sent()
    {
        var server = new TlsServerOptions { Certificate = Certificates.For("192.0.2.7", "2001:db8::1") };
        foreach (string host in (string[])["192.0.2.7", "2001:db8::1"])
        {
            using Pair pair = new Pair(server, host: host).Connect();
            Assert.That(pair.Server.Session.RequestedName, Is.Null);
        }
    }

    [Test]
    public void A_client_sends_the_name_and_trusts_only_its_roots()
    {
        using Pair pair = new Pair(host: "SERVER.example.").Connect();
        Assert.That(pair.Server.Session.RequestedName, Is.EqualTo(Pair.Host));
        using var stranger = new Pair(client: new TlsClientOptions());
        stranger.Pump();
        Assert.That(stranger.Client.Session.Failure.Kind, Is.EqualTo(TlsFailureKind.Certificate),
            stranger.Faults());
    }

    [TestCase("")]
    [TestCase(null)]
    [TestCase("a b")]
    public void A_client_without_a_host_is_an_error(string? host)
    {
        using TlsContext context = TlsContext.ForClient(Pair.ClientOptions());
        using var window = new TlsWindow();
        Assert.That(
            () => new TlsSession().Start(context, window, host: host),
            Throws.TypeOf<TlsException>().With.Property(nameof(TlsException.ErrorCode)).EqualTo(
                TlsError.OptionInvalid));
        Assert.That(window.Sessions, Is.Zero);
    }

    [Test]
    public void An_OCSP_response_is_stapled_for_clients_that_ask_and_can_be_renewed()
    {
        TlsServerOptions server = Pair.ServerOptions();
        using TlsContext context = TlsContext.ForServer(server);
        TlsClientOptions asking = Pair.ClientOptions();
        asking.RequestOcspStaple = true;
        foreach (byte[] response in (byte[][])[[], [1, 2, 3], [4, 5, 6, 7]])
        {
            server.Certificate!.OcspStaple = response;
            using TlsContext client = TlsContext.ForClient(asking);
            using Pair pair = new Pair(context, client).Connect();
            Assert.That(pair.Client.Session.ReceivedOcspStaple.ToArray(), Is.EqualTo(response));
        }

        using Pair quiet = new Pair(server).Connect();
        Assert.That(quiet.Client.Session.ReceivedOcspStaple.IsEmpty, Is.True);
    }

    [Test]
    public void Keys_are_logged_only_when_asked_for()
    {
        string path = Path.GetTempFileName();
        try
        {
            string? before = Environment.GetEnvironmentVariable("SSLKEYLOGFILE");
            Environment.SetEnvironmentVariable("SSLKEYLOGFILE", path);
            using (new Pair().Connect())
            {
                Assert.That(File.ReadAllText(path), Is.Empty);
            }

            Environment.SetEnvironmentVariable("SSLKEYLOGFILE", before);
            TlsServerOptions server = Pair.ServerOptions();
            server.KeyLogFile = path;
            using (new Pair(server).Connect())
            {
                Assert.That(File.ReadAllText(path), Does.Contain("SERVER_TRAFFIC_SECRET_0 "));
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void A_context_that_was_replaced_serves_its_sessions_to_their_end()
    {
        TlsServerOptions options = Pair.ServerOptions();
        options.ServerNames["late.example"] = Certificates.For("late.example");
        TlsContext server = TlsContext.ForServer(options);
        using TlsContext client = TlsContext.ForClient(Pair.ClientOptions());
        using Pair open = new Pair(server, client).Connect();
        using var beginning = new Pair(server, client, "late.example");
        beginning.Client.Receive();
        server.Dispose();
        options.Certificate!.Dispose();
        beginning.Pump();
        Assert.That(beginning.Server.Session.IsHandshaken, Is.True, beginning.Faults());
        open.Client.Send("on");
        open.Pump();
        Assert.That(open.Server.ReceivedText, Is.EqualTo("on"));
        Assert.That(() => new Peer(server), Throws.TypeOf<ObjectDisposedException>());
    }

    private static TlsClientOptions Speaking(params string[] protocols)
    {
        TlsClientOptions options = Pair.ClientOptions();
        foreach (string protocol in protocols)
        {
            options.ApplicationProtocols.Add(protocol);
        }

        return options;
    }

    private static void AssertInvalid(Action<TlsServerOptions> change, string named)
    {
        TlsServerOptions options = Pair.ServerOptions();
        change(options);
        TlsException fault = Assert.Throws<TlsException>(() => TlsContext.ForServer(options))!;
        Assert.That(fault.ErrorCode, Is.EqualTo(TlsError.OptionInvalid));
        Assert.That(fault.Message, Does.Contain(named));
    }
}
