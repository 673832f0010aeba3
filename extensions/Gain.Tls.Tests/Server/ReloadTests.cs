using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>Certificates that are replaced while the server runs.</summary>
[TestFixture(GainRing.Uring, GainArchitecture.Reactor)]
[TestFixture(GainRing.Epoll, GainArchitecture.Sharding)]
public class ReloadTests(GainRing ring, GainArchitecture architecture)
    : TlsServerTestBase(ring, architecture)
{
    private const int Clients = 32;

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("gain-tls").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Certificates_are_replaced_while_clients_come_and_go()
    {
        TlsServerOptions options = Options();
        GainServer server = Start(new Echo(), options);
        await using SslStream old = await ConnectAnewAsync(server);
        string first = ThumbprintOf(old);
        using var enough = new CancellationTokenSource();
        var allBusy = new CountdownEvent(Clients);
        Task[] loads = [.. Enumerable.Range(0, Clients)
            .Select(_ => Task.Run(() => ComeAndGoAsync(server, allBusy, enough.Token)))];
        Assert.That(allBusy.Wait(Gain.Tests.Server.Clients.Patience), "no load");
        for (int i = 0; i < 8; i++)
        {
            using X509Certificate2 next = Certificates.Make(Pair.Host);
            options.Certificate = TlsCertificate.FromCertificate(next);
            options.Apply();
            for (int worker = 0; worker < 2; worker++)
            {
                await using SslStream client = await ConnectAnewAsync(server);
                Assert.That(ThumbprintOf(client), Is.EqualTo(next.Thumbprint), $"swap {i}");
            }
        }

        await enough.CancelAsync();
        await Task.WhenAll(loads).WaitAsync(Gain.Tests.Server.Clients.Patience);
        await EchoAsync(old);
        Assert.That(ThumbprintOf(old), Is.EqualTo(first));
        await old.DisposeAsync();
        Assert.That(server.Statistics.FailedHandshakes, Is.Zero);
    }

    [TestCase("expired", "it has expired at")]
    [TestCase("later", "it is valid from")]
    [TestCase("mismatch", "the private key does not belong to the certificate")]
    [TestCase("cut", "there is no certificate in the PEM text")]
    [TestCase("gone", "cert.pem")]
    public async Task A_bad_file_is_refused_and_the_certificate_before_stays(string kind, string reason)
    {
        string thumbprint = WriteGood();
        TlsServerOptions options = Options();
        options.Certificate = FromFiles();
        GainServer server = Start(new Echo(), options);
        Spoil(kind);
        TlsException fault = Assert.Throws<TlsException>(options.Certificate.Reload)!;
        Assert.That(fault.Message, Does.Contain("cert.pem").And.Contain(reason));
        Assert.That(fault.ErrorCode, Is.EqualTo(TlsError.CertificateInvalid));
        options.Apply();
        await using (SslStream client = await ConnectAnewAsync(server))
        {
            Assert.That(ThumbprintOf(client), Is.EqualTo(thumbprint));
        }

        string next = WriteGood();
        options.Certificate.Reload();
        options.Apply();
        await using SslStream later = await ConnectAnewAsync(server);
        Assert.That(ThumbprintOf(later), Is.EqualTo(next).And.Not.EqualTo(thumbprint));
    }

    [Test]
    public async Task Options_that_cannot_be_used_change_nothing()
    {
        TlsServerOptions options = Options();
        GainServer server = Start(new Echo(), options);
        string thumbprint;
        await using (SslStream before = await ConnectAnewAsync(server))
        {
            thumbprint = ThumbprintOf(before);
        }

        options.Certificate = Certificates.For(Pair.Host);
        options.ServerNames["two words"] = options.Certificate;
        TlsException fault = Assert.Throws<TlsException>(options.Apply)!;
        Assert.That(fault.Message, Does.Contain("two words"));
        await using (SslStream client = await ConnectAnewAsync(server))
        {
            Assert.That(ThumbprintOf(client), Is.EqualTo(thumbprint), "a half of what was refused");
        }

        options.ServerNames.Clear();
        options.Apply();
        await using SslStream after = await ConnectAnewAsync(server);
        Assert.That(ThumbprintOf(after), Is.Not.EqualTo(thumbprint));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Files_that_change_are_taken_and_bad_ones_are_logged_once(bool isPkcs12)
    {
        WriteGood();
        TlsServerOptions options = Options();
        options.Certificate = isPkcs12
            ? TlsCertificate.FromPkcs12File(PathOf("cert.p12"), "secret")
            : FromFiles();
        options.ReloadInterval = TimeSpan.FromMilliseconds(10);
        GainServer server = Start(new Echo(), options);
        Spoil(isPkcs12 ? "p12" : "mismatch");
        await AwaitLogAsync("the certificate before stays in use", 1);
        string next = WriteGood();
        await AwaitLogAsync("new connections get the certificate of CN=server.example", 1);
        await using SslStream client = await ConnectAnewAsync(server);
        Assert.That(ThumbprintOf(client), Is.EqualTo(next));
        Assert.That(
            Logger.Messages.Entries.Count(entry => entry.Contains("stays in use", StringComparison.Ordinal)),
            Is.EqualTo(1), string.Join("\n", Logger.Messages.Entries));
    }

    // A session that is resumed has the certificate that it began with.
    private static Task<SslStream> ConnectAnewAsync(GainServer server) =>
        ConnectAsync(server, resumes: false);

    private static async Task ComeAndGoAsync(
        GainServer server, CountdownEvent allBusy, CancellationToken enough)
    {
        bool isFirst = true;
        while (!enough.IsCancellationRequested)
        {
            await using SslStream client = await ConnectAsync(server);
            await EchoAsync(client);
            if (isFirst)
            {
                allBusy.Signal();
                isFirst = false;
            }
        }
    }

    private static async Task EchoAsync(SslStream client)
    {
        await client.WriteAsync("hello"u8.ToArray());
        Assert.That(await ReadAsync(client, 5), Is.EqualTo("hello"u8.ToArray()));
    }

    private static string ThumbprintOf(SslStream client) =>
        ((X509Certificate2)client.RemoteCertificate!).Thumbprint;

    private string PathOf(string name) => Path.Combine(_folder, name);

    private TlsCertificate FromFiles() =>
        TlsCertificate.FromPemFile(PathOf("cert.pem"), PathOf("key.pem"));

    // Renamed into place, as those do it who renew certificates.
    private void Write(string name, byte[] content)
    {
        File.WriteAllBytes(PathOf(name + ".new"), content);
        File.Move(PathOf(name + ".new"), PathOf(name), overwrite: true);
    }

    private void Write(string name, string content) =>
        Write(name, System.Text.Encoding.ASCII.GetBytes(content));

    private string WriteGood()
    {
        using X509Certificate2 good = Certificates.Make(Pair.Host);
        Write("cert.p12", good.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, "secret"));
        Write("key.pem", Certificates.KeyPem(good));
        Write("cert.pem", good.ExportCertificatePem());
        return good.Thumbprint;
    }

    private void Spoil(string kind)
    {
        int days = kind == "later" ? 1 : -10;
        using X509Certificate2 other = Certificates.Sign(
            new X500DistinguishedName($"CN={Pair.Host}"), [Pair.Host], TimeSpan.FromDays(days),
            TimeSpan.FromDays(days + 5));
        switch (kind)
        {
            case "mismatch":
                Write("key.pem", Certificates.KeyPem(other));
                break;
            case "cut":
                Write("cert.pem", other.ExportCertificatePem()[..200]);
                break;
            case "gone":
                File.Delete(PathOf("cert.pem"));
                break;
            case "p12":
                Write("cert.p12", [1, 2, 3]);
                break;
            default:
                Write("key.pem", Certificates.KeyPem(other));
                Write("cert.pem", other.ExportCertificatePem());
                break;
        }
    }

    private Task AwaitLogAsync(string text, int count) => Logger.Messages.AwaitAsync(
        entry => entry.Contains(text, StringComparison.Ordinal), count);
}
