using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>Programs that others have written, as clients of a whole server.</summary>
[TestFixture(GainRing.Uring, GainArchitecture.Sharding)]
[TestFixture(GainRing.Epoll, GainArchitecture.Sharding)]
public class CommandTests(GainRing ring, GainArchitecture architecture)
    : TlsServerTestBase(ring, architecture)
{
    private string _folder = "";

    [SetUp]
    public void WriteCertificates()
    {
        _folder = Directory.CreateTempSubdirectory("gain-tls").FullName;
        File.WriteAllText(Path.Combine(_folder, "root.pem"), Certificates.Root.ExportCertificatePem());
        using X509Certificate2 alice = Certificates.Make("alice");
        File.WriteAllText(Path.Combine(_folder, "alice.pem"), alice.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "alice.key"), Certificates.KeyPem(alice));
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("--tlsv1.2 --tls-max 1.2", "TLSv1.2")]
    [TestCase("--tlsv1.3", "TLSv1.3")]
    public async Task Curl_gets_a_page(string arguments, string version)
    {
        GainServer server = Start(new OnePage(), Options());
        int port = server.EndPoints[0].Port;
        (string output, string errors) = await RunAsync(
            "curl",
            $"-sv --http1.1 --no-alpn --cacert root.pem --resolve {Pair.Host}:{port}:127.0.0.1 {arguments} "
            + $"https://{Pair.Host}:{port}/",
            "");
        Assert.That(output, Is.EqualTo("It works over TLS.\n"), errors);
        Assert.That(errors, Does.Contain($"SSL connection using {version}"));
        Assert.That(errors, Does.Not.Contain("unexpected eof"));
    }

    // It is not told to trust the root, but to take this certificate's key: all else is a browser's own.
    [Test]
    public async Task Chromium_shows_a_page()
    {
        TlsServerOptions options = Options();
        options.ApplicationProtocols.Clear();
        options.ApplicationProtocols.Add("http/1.1");
        GainServer server = Start(new OnePage(), options);
        using X509Certificate2 shown = await CertificateOfAsync(server);
        string key = Convert.ToBase64String(
            System.Security.Cryptography.SHA256.HashData(shown.PublicKey.ExportSubjectPublicKeyInfo()));
        (string output, string errors) = await RunAsync(
            "chromium",
            "--headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run "
            + $"--user-data-dir={_folder}/profile --ignore-certificate-errors-spki-list={key} "
            + $"--dump-dom https://127.0.0.1:{server.EndPoints[0].Port}/",
            "");
        Assert.That(output, Does.Contain("It works over TLS."), errors);
    }

    private static async Task<X509Certificate2> CertificateOfAsync(GainServer server)
    {
        await using System.Net.Security.SslStream stream = new(
            new System.Net.Sockets.NetworkStream(await Clients.ConnectAsync(server), ownsSocket: true),
            leaveInnerStreamOpen: false,
            static (_, _, _, _) => true);
        await stream.AuthenticateAsClientAsync(Pair.Host).WaitAsync(Clients.Patience);
        return new X509Certificate2(stream.RemoteCertificate!);
    }

    [TestCase("-tls1_2", "alice")]
    [TestCase("-tls1_3", "alice")]
    [TestCase("-tls1_3", "")]
    public async Task S_client_is_echoed_until_it_ends(string arguments, string peer)
    {
        TlsServerOptions options = ClientCertificateTests.Asking(TlsClientCertificates.Optional);
        options.Certificate = Certificates.For(Pair.Host);
        GainServer server = Start(new JournalingEcho(Journal), options);
        string shown = peer.Length == 0 ? "" : "-cert alice.pem -key alice.key";
        (string output, string errors) = await RunAsync(
            "openssl",
            $"s_client -quiet -no_ign_eof -connect 127.0.0.1:{server.EndPoints[0].Port} -CAfile root.pem "
            + $"-verify_return_error -servername {Pair.Host} {shown} {arguments}",
            "hello\n");
        string[] entries = await Journal.AwaitAsync(2);
        Assert.That(entries[0], Does.EndWith($" {Pair.Host}  {peer}"));
        Assert.That(entries[1], Is.EqualTo("closed Local"), errors);
        Assert.That(output, Is.Empty.Or.StartsWith("hello\n"), errors);
    }

    [Test]
    public async Task S_client_goes_over_to_TLS_as_a_mail_client()
    {
        GainServer server = Start(
            GainServer.Listen(new Mail(Journal, []), "tcp://127.0.0.1:0").UseStartTls(Options()));
        (string output, string errors) = await RunAsync(
            "openssl",
            $"s_client -starttls smtp -quiet -connect 127.0.0.1:{server.EndPoints[0].Port} -CAfile root.pem "
            + $"-verify_return_error -servername {Pair.Host}",
            "NOOP again\r\nQUIT\r\n");
        string[] entries = await Journal.AwaitAsync(entry => entry.StartsWith("closed"), 1);
        Assert.That(
            entries,
            Is.EqualTo(new[]
            {
                "EHLO plain", "STARTTLS plain", "NOOP TLSv1.3", "QUIT TLSv1.3", "closed Local ",
            }),
            errors);
        Assert.That(output, Does.Contain("250 ok").And.EndWith("221 bye\r\n"), errors);
    }

    private async Task<(string Output, string Errors)> RunAsync(
        string program, string arguments, string input)
    {
        using Process process = Start(program, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(Clients.Patience);
        return (await output, await errors);
    }

    private Process Start(string program, string arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = _folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception fault)
        {
            Assert.Ignore($"{program} cannot be run: {fault.Message}");
            throw;
        }
    }
}
