using System.Text.Json;

namespace Gain.Tests.Cli;

/// <summary>The command line over TLS, as its users have it: with curl and openssl.</summary>
public class TlsCliTests
{
    [Test]
    public async Task A_page_comes_over_TLS_with_a_certificate_made_at_the_start()
    {
        await using CliProcess cli = await CliProcess.StartAsync("--tls --workers 1");
        string page = await Tool.RunAsync("curl", $"-ksS https://{cli.Endpoint}/");
        Assert.That(page, Is.EqualTo("Hello, World!"));
        (int exitCode, JsonElement summary) = await cli.StopAsync();
        Assert.That(exitCode, Is.Zero);
        Assert.That(string.Join('\n', cli.Output), Does.Contain($"curl -ki https://{cli.Endpoint}/")
            .And.Contain("self-signed"));
        Assert.That(summary.GetProperty("failed_handshakes").GetInt64(), Is.Zero);
    }

    [Test]
    public async Task A_certificate_of_ones_own_is_shown_and_trusted()
    {
        string folder = Directory.CreateTempSubdirectory("gain-cli-tls").FullName;
        try
        {
            (string cert, string key) = await MakeCertificateAsync(folder);
            await using CliProcess cli = await CliProcess.StartAsync(
                $"--tls --cert {cert} --key {key} --handler echo --workers 1");

            // Its exit code says whether it trusts what it was shown.
            string seen = await Tool.RunAsync(
                "openssl",
                $"s_client -connect {cli.Endpoint} -CAfile {cert} -verify_return_error",
                "hello\n");
            Assert.That(seen, Does.Contain("CN = gain-cli-test").And.Contain("Verify return code: 0 (ok)"));
            await cli.StopAsync();
            Assert.That(string.Join('\n', cli.Output), Does.Contain("CN=gain-cli-test"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestCase("--cert cert.pem", "--cert", "--tls")]
    [TestCase("--tls --key key.pem", "--key", "--cert")]
    [TestCase("--tls --network udp", "udp", "--network tcp")]
    [TestCase("--tls --systemd", "--systemd", "--tls")]
    [TestCase("--tls --cert /nowhere/cert.pem", "/nowhere/cert.pem", "cannot be used")]
    public async Task Impossible_arguments_are_named_and_exit_with_2(
        string arguments, string value, string way)
    {
        (int exitCode, string output, string errors) = await CliProcess.RunAsync("--port 0 " + arguments);
        Assert.That(exitCode, Is.EqualTo(2), errors);
        Assert.That(errors, Does.StartWith("gain: ").And.Contain(value).And.Contain(way));
        Assert.That(output, Is.Empty);
    }

    [Test]
    public async Task The_doctor_names_the_OpenSSL_that_there_is()
    {
        string version = (await Tool.RunAsync("openssl", "version")).Split(' ')[1];
        (_, string text, _) = await CliProcess.RunAsync("doctor");
        Assert.That(text, Does.Match($@"OpenSSL +OpenSSL {version.Split('.')[0]}\."));
        (_, string json, _) = await CliProcess.RunAsync("doctor --json");
        JsonElement library = JsonDocument.Parse(json).RootElement.GetProperty("openssl");
        Assert.That(library.GetProperty("works").GetBoolean(), Is.True);
        Assert.That(library.GetProperty("version").GetString(), Does.StartWith("OpenSSL 3."));
    }

    [Test]
    public async Task Without_OpenSSL_the_doctor_and_the_server_say_what_to_install()
    {
        const string Launcher = "env GAIN_OPENSSL_PATH=/nowhere ";
        (_, string text, _) = await CliProcess.RunAsync("doctor", Launcher);
        Assert.That(text, Does.Contain("GAIN_OPENSSL_PATH"));
        (_, string json, _) = await CliProcess.RunAsync("doctor --json", Launcher);
        JsonElement library = JsonDocument.Parse(json).RootElement.GetProperty("openssl");
        Assert.That(library.GetProperty("works").GetBoolean(), Is.False);
        Assert.That(library.GetProperty("reason").GetString(), Does.Contain("/nowhere/libcrypto.so.3"));
        (int exitCode, _, string errors) = await CliProcess.RunAsync("--port 0 --tls", Launcher);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(errors, Does.StartWith("gain: ").And.Contain("GAIN_OPENSSL_PATH"));
    }

    private static async Task<(string Certificate, string Key)> MakeCertificateAsync(string folder)
    {
        string cert = Path.Combine(folder, "cert.pem");
        string key = Path.Combine(folder, "key.pem");
        await Tool.RunAsync(
            "openssl",
            $"req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {key} -out {cert} "
            + "-subj /CN=gain-cli-test -days 2");
        return (cert, key);
    }
}
