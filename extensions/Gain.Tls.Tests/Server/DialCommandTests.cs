using System.Security.Cryptography.X509Certificates;
using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>Programs that others have written, as the servers that are dialled.</summary>
[TestFixture(GainRing.Uring, GainArchitecture.Sharding)]
[TestFixture(GainRing.Epoll, GainArchitecture.Sharding)]
public class DialCommandTests(GainRing ring, GainArchitecture architecture)
    : TlsServerTestBase(ring, architecture)
{
    private string _folder = "";

    [SetUp]
    public void WriteCertificates()
    {
        _folder = Directory.CreateTempSubdirectory("gain-tls-dial").FullName;
        File.WriteAllText(Path.Combine(_folder, "root.pem"), Certificates.Root.ExportCertificatePem());
        Write("server", Certificates.Make("127.0.0.1", "localhost"));
        Write("other", Certificates.Make("other.example"));
        Write("expired", Certificates.Sign(
            new X500DistinguishedName("CN=127.0.0.1"), ["127.0.0.1"], TimeSpan.FromDays(-9),
            TimeSpan.FromDays(-1)));
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    // It sends each line back, with its letters in the other order.
    [TestCase("-tls1_2", "TLSv1.2")]
    [TestCase("-tls1_3", "TLSv1.3")]
    [TestCase("-alpn gain", "TLSv1.3 gain")]
    [TestCase("-cipher ECDHE-ECDSA-CHACHA20-POLY1305 -tls1_2", "TLSv1.2")]
    [TestCase("-num_tickets 0", "TLSv1.3")]
    [TestCase("-serverpref -no_ticket -num_tickets 5", "TLSv1.3")]
    public async Task S_server_answers(string arguments, string agreed)
    {
        await using ServerProcess server = await StartAsync("server", arguments);
        GainServer client = Dialling();
        ConnectionHandle up = await client.DialAsync(new TlsUpstream(Journal), server.Target)
            .WaitAsync(Clients.Patience);
        Assert.That(up.TrySend("hello\n"u8), Is.True);
        string[] entries = await Journal.AwaitAsync(entry => entry == "read olleh\n", 1);
        Assert.That(entries[0], Does.StartWith($"connect {agreed}"));
        up.TryClose();
        await Journal.AwaitAsync(entry => entry == "closed Local", 1);
        Assert.That(await server.EndAsync(), Does.Not.Contain("error"));
    }

    [TestCase("other", "", "IP address mismatch")]
    [TestCase("expired", "", "certificate has expired")]
    [TestCase("server", "-alpn other", "alert 120 received")]
    [TestCase("server", "-tls1_2 -Verify 1 -CAfile root.pem -verify_return_error", "alert 40 received")]
    [TestCase("server", "-tls1_2 -cipher AES128-SHA", "alert 40 received")]
    [TestCase("server", "-tls1_1 -cipher ALL@SECLEVEL=0", "alert 70")]
    public async Task S_server_is_refused_or_refuses(string certificate, string arguments, string why)
    {
        await using ServerProcess server = await StartAsync(certificate, arguments);
        GainServer client = Dialling();
        GainException fault = Assert.ThrowsAsync<GainException>(
            () => client.DialAsync(new TlsUpstream(Journal), server.Target).WaitAsync(Clients.Patience))!;
        Assert.That(fault.ConnectFailure!.Value.Reason, Is.EqualTo(ConnectFailureReason.HandshakeFailed));
        Assert.That(fault.ConnectFailure!.Value.Detail, Does.Contain(why));
        string[] entries = await Journal.AwaitAsync(1);
        Assert.That(entries[0], Does.StartWith("failed HandshakeFailed").And.Contain(why));
    }

    [TestCase("-tls1_2")]
    [TestCase("-tls1_2 -no_ticket")]
    [TestCase("-tls1_3")]
    [TestCase("-tls1_3 -no_ticket")]
    public async Task S_server_is_resumed(string arguments)
    {
        await using ServerProcess server = await StartAsync("server", arguments);
        GainServer client = Dialling();
        for (int i = 1; i <= 3; i++)
        {
            ConnectionHandle up = await client.DialAsync(new TlsUpstream(Journal), server.Target)
                .WaitAsync(Clients.Patience);
            Assert.That(up.TrySend("hello\n"u8), Is.True);
            await Journal.AwaitAsync(entry => entry == "read olleh\n", i);
            Assert.That(up.TryClose(), Is.True);
            await Journal.AwaitAsync(entry => entry == "closed Local", i);
        }

        Assert.That(
            Journal.Entries.Where(entry => entry.StartsWith("connect"))
                .Select(entry => entry.EndsWith("resumed")),
            Is.EqualTo(new[] { false, true, true }));
    }

    // Its keys are new, as those of a server that was started again.
    [TestCase("server", "-tls1_2", "")]
    [TestCase("server", "-tls1_3", "")]
    [TestCase("other", "-tls1_2", "IP address mismatch")]
    [TestCase("other", "-tls1_3", "IP address mismatch")]
    public async Task Another_server_at_the_port_is_checked_in_full(
        string certificate, string arguments, string why)
    {
        GainServer client = Dialling();
        int port;
        await using (ServerProcess first = await StartAsync("server", arguments))
        {
            port = first.Port;
            ConnectionHandle up = await client.DialAsync(new TlsUpstream(Journal), first.Target)
                .WaitAsync(Clients.Patience);
            Assert.That(up.TrySend("hello\n"u8), Is.True);
            await Journal.AwaitAsync(entry => entry == "read olleh\n", 1);
            up.TryClose();
            await Journal.AwaitAsync(entry => entry == "closed Local", 1);
        }

        await using ServerProcess second = await StartAsync(certificate, arguments, port);
        Task<ConnectionHandle> dial = client.DialAsync(new TlsUpstream(Journal), second.Target);
        if (why.Length == 0)
        {
            await dial.WaitAsync(Clients.Patience);
            Assert.That(
                (await Journal.AwaitAsync(4))[3], Does.StartWith("connect").And.Not.Contain("resumed"));
            return;
        }

        GainException fault = Assert.ThrowsAsync<GainException>(() => dial.WaitAsync(Clients.Patience))!;
        Assert.That(fault.ConnectFailure!.Value.Detail, Does.Contain(why));
    }

    [Test]
    public async Task S_server_signed_by_itself_is_refused_unless_it_is_a_root()
    {
        using var key = System.Security.Cryptography.ECDsa.Create(
            System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(
            "CN=127.0.0.1", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 self = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Write("self", self);
        await using ServerProcess server = await StartAsync("self", "");
        GainException fault = Assert.ThrowsAsync<GainException>(
            () => Dialling().DialAsync(new TlsUpstream(Journal), server.Target).WaitAsync(Clients.Patience))!;
        Assert.That(fault.ConnectFailure!.Value.Detail, Does.Contain("self-signed certificate"));

        // From a file, as a program would read it.
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(Path.Combine(_folder, "self.pem"));
        await Dialling(new TlsClientOptions { TrustedRoots = roots })
            .DialAsync(new TlsUpstream(Journal), server.Target).WaitAsync(Clients.Patience);
    }

    [Test]
    public async Task S_server_is_shown_the_clients_certificate()
    {
        await using ServerProcess server = await StartAsync(
            "server", "-Verify 1 -CAfile root.pem -verify_return_error");
        TlsClientOptions options = Options();
        options.Certificate = Certificates.For("alice");
        ConnectionHandle up = await Dialling(options)
            .DialAsync(new TlsUpstream(Journal), server.Target).WaitAsync(Clients.Patience);
        Assert.That(up.TrySend("hello\n"u8), Is.True);
        await Journal.AwaitAsync(entry => entry == "read olleh\n", 1);
        Assert.That(await server.EndAsync(), Does.Contain("CN = alice"));
    }

    [Test]
    public async Task Nginx_gives_a_page_to_many_connections()
    {
        await using ServerProcess server = await StartNginxAsync();
        GainServer client = Dialling(new TlsClientOptions { TrustedRoots = Certificates.Roots });
        string[] entries = await GetPagesAsync(client, server, 50);
        Assert.That(
            entries.Where(entry => entry.StartsWith("closed")), Has.All.EqualTo("closed PeerClosed"));
        Assert.That(entries.Count(entry => entry.Contains("It works over TLS.")), Is.EqualTo(50));
    }

    [Test]
    public async Task Nginx_is_resumed()
    {
        await using ServerProcess server = await StartNginxAsync();
        GainServer client = Dialling(new TlsClientOptions { TrustedRoots = Certificates.Roots });
        for (int i = 1; i <= 3; i++)
        {
            string[] entries = await GetPagesAsync(client, server, 1, before: i - 1);
            Assert.That(
                entries.Last(entry => entry.StartsWith("connect")).EndsWith("resumed"), Is.EqualTo(i > 1));
            Assert.That(entries.Count(entry => entry.Contains("It works over TLS.")), Is.EqualTo(i));
        }
    }

    private async Task<ServerProcess> StartNginxAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "index.html"), "It works over TLS.\n");
        return await ServerProcess.StartAsync("nginx", _folder, port =>
        {
            File.WriteAllText(
                Path.Combine(_folder, "nginx.conf"),
                $$"""
                daemon off; master_process off; error_log stderr; pid {{_folder}}/nginx.pid;
                events { worker_connections 256; }
                http {
                  access_log off;
                  client_body_temp_path {{_folder}}; proxy_temp_path {{_folder}};
                  fastcgi_temp_path {{_folder}}; uwsgi_temp_path {{_folder}}; scgi_temp_path {{_folder}};
                  server {
                    listen 127.0.0.1:{{port}} ssl;
                    ssl_certificate {{_folder}}/server.pem; ssl_certificate_key {{_folder}}/server.key;
                    root {{_folder}};
                  }
                }
                """);
            return $"-e stderr -c {_folder}/nginx.conf -p {_folder}";
        });
    }

    private async Task<string[]> GetPagesAsync(
        GainServer client, ServerProcess server, int count, int before = 0)
    {
        DialTarget target = DialTarget.Parse($"tls://localhost:{server.Port}");
        ConnectionHandle[] all = await Task.WhenAll(
            Enumerable.Range(0, count).Select(_ => client.DialAsync(new TlsUpstream(Journal), target)))
            .WaitAsync(Clients.Patience);
        foreach (ConnectionHandle up in all)
        {
            Assert.That(
                up.TrySend("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8), Is.True);
        }

        return await Journal.AwaitAsync(entry => entry.StartsWith("closed"), before + count);
    }

    private static new TlsClientOptions Options() => new()
    {
        TrustedRoots = Certificates.Roots, ApplicationProtocols = { "gain" },
    };

    private GainServer Dialling(TlsClientOptions? options = null) => Start(
        GainServer.Listen(new Echo(), "tcp://127.0.0.1:0")
            .Dial(new TlsUpstream(Journal)).UseTls(options ?? Options()));

    private Task<ServerProcess> StartAsync(
        string certificate, string arguments, int? port = null) => ServerProcess.StartAsync(
        "openssl",
        _folder,
        port => $"s_server -accept 127.0.0.1:{port} -cert {certificate}.pem -key {certificate}.key -rev "
            + arguments,
        port);

    private void Write(string name, X509Certificate2 certificate)
    {
        File.WriteAllText(Path.Combine(_folder, $"{name}.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, $"{name}.key"), Certificates.KeyPem(certificate));
    }
}
