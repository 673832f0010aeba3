using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gain.Tls;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gain.Hosting.Tests;

/// <summary>End points name certificates of the configuration, and the program says how those are
/// used.</summary>
public sealed class CertificateTests
{
    private const string EndPoints = "Gain:Servers:echo:Endpoints";

    private string _directory = null!;

    [SetUp]
    public void WriteCertificates()
    {
        _directory = Directory.CreateTempSubdirectory("gain-hosting-").FullName;
        Write("one");
        Write("two");
    }

    [TearDown]
    public void RemoveCertificates() => Directory.Delete(_directory, recursive: true);

    [Test]
    public async Task Each_end_point_has_its_certificate_and_those_added_later_have_it_too()
    {
        (string, string?)[] started =
        [
            ("Gain:Certificates:Default:Path", PathOf("one")),
            ("Gain:Certificates:Other:Path", PathOf("two")),
            ($"{EndPoints}:a:Url", "tls://127.0.0.1:0"),
            ($"{EndPoints}:b:Url", "tls://127.0.0.1:0"), ($"{EndPoints}:b:Certificate", "Other"),
            ($"{EndPoints}:c:Url", "tcp://127.0.0.1:0"),
        ];
        using var log = new LogJournal();
        var configuration = new ChangingConfiguration(started);
        using IHost host = Build(configuration, log, certifies: true);
        await host.StartAsync();
        GainServer server = TestHost.Of(host, "echo").Server;

        // Those without TLS come first, the others in the order of their certificates.
        Assert.That(server.Addresses[0], Does.StartWith("tcp://"));
        Assert.That(await SubjectAsync(server.EndPoints[1]), Is.EqualTo("CN=one"));
        Assert.That(await SubjectAsync(server.EndPoints[2]), Is.EqualTo("CN=two"));

        configuration.Replace(
        [
            .. started, ($"{EndPoints}:d:Url", "tls://127.0.0.1:0"), ($"{EndPoints}:d:Certificate", "Other"),
        ]);
        await log.AwaitAsync("listens on the end point d: tls://");
        Assert.That(await SubjectAsync(server.EndPoints[3]), Is.EqualTo("CN=two"));

        configuration.Replace(
        [
            .. started, ("Gain:Certificates:New:Path", PathOf("two")),
            ($"{EndPoints}:e:Url", "tls://127.0.0.1:0"), ($"{EndPoints}:e:Certificate", "New"),
        ]);
        await log.AwaitAsync("the certificate \"New\", as no end point had at the start");
        await host.StopAsync();
    }

    [TestCase("Gain:Certificates:Default:File", "x", "Default:File is not a key of a certificate")]
    [TestCase("Gain:Certificates:Default:KeyPath", "x", "Gain:Certificates:Default:Path is missing")]
    [TestCase($"{EndPoints}:a:Certificate", "None", "is \"None\", but there is no Gain:Certificates:None")]
    [TestCase("Gain:Certificates:Default:Path", "/nowhere/x.pem", "/nowhere/x.pem")]
    public void What_cannot_be_used_fails_the_start_and_is_named(string key, string value, string expected)
    {
        using var log = new LogJournal();
        using IHost host = Build(
            new ChangingConfiguration(($"{EndPoints}:a:Url", "tls://127.0.0.1:0"), (key, value)),
            log,
            certifies: true);
        Assert.That(
            Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync())!.Message,
            Does.StartWith("The server \"echo\" (Gain:Servers:echo) cannot start").And.Contain(expected));
    }

    [Test]
    public void A_program_that_does_not_say_how_certificates_are_used_is_told_to()
    {
        using var log = new LogJournal();
        using IHost host = Build(
            new ChangingConfiguration(
                ("Gain:Certificates:Default:Path", PathOf("one")),
                ($"{EndPoints}:a:Url", "tls://127.0.0.1:0")),
            log,
            certifies: false);
        Assert.That(
            Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync())!.Message,
            Does.Contain(".WithCertificates("));
    }

    private static IHost Build(ChangingConfiguration configuration, LogJournal log, bool certifies)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { DisableDefaults = true });
        ((IConfigurationBuilder)builder.Configuration).Add(configuration);
        builder.Logging.AddProvider(log);
        HostedServerBuilder<Echo> server = builder.Services.AddGainServer<Echo>("echo");
        if (certifies)
        {
            server.WithCertificates((one, certificate) => one.UseTls(new TlsServerOptions
            {
                Certificate = TlsCertificate.FromPemFile(certificate.Path, certificate.KeyPath),
            }));
        }

        return builder.Build();
    }

    private static async Task<string> SubjectAsync(IPEndPoint endPoint)
    {
        using var client = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(endPoint).WaitAsync(TestHost.Patience);
        string subject = "";
        await using var stream = new SslStream(
            new NetworkStream(client),
            leaveInnerStreamOpen: false,
            (_, certificate, _, _) =>
            {
                subject = certificate!.Subject;
                return true;
            });
        await stream.AuthenticateAsClientAsync("localhost").WaitAsync(TestHost.Patience);
        return subject;
    }

    private string PathOf(string name) => Path.Combine(_directory, $"{name}.pem");

    private void Write(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(
            PathOf(name), $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }
}
