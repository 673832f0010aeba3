using System.Diagnostics;
using System.Net.Sockets;
using Gain.Tests.Cli;
using Gain.Tests.Server;

namespace Gain.Tests.Balancer;

/// <summary>TLS that passes through, led by the name that a client asks for: with openssl at both
/// ends.</summary>
public sealed class NameTests(string ring) : ProxyTest(ring)
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("gain-proxy-tls").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Each_name_is_led_to_its_pool_and_another_is_told_that_nobody_knows_it()
    {
        await using OpensslServer one = await OpensslServer.StartAsync(_folder, "one");
        await using OpensslServer all = await OpensslServer.StartAsync(_folder, "all");
        await using ProxyProgram proxy = await ProxyProgram.StartAsync(TlsFile(one, all, pool: ""));
        Assert.That(await SubjectAsync(proxy, "-servername one.example.org"), Does.Contain("CN = one"));
        Assert.That(await SubjectAsync(proxy, "-servername ONE.example.org"), Does.Contain("CN = one"));
        Assert.That(await SubjectAsync(proxy, "-servername two.example.org"), Does.Contain("CN = all"));
        Assert.That(await SubjectAsync(proxy, "-servername other.org"), Does.Contain("unrecognized name"));
        Assert.That(await SubjectAsync(proxy, "-noservername"), Does.Contain("unrecognized name"));
        await proxy.StopAsync();
    }

    [Test]
    public async Task Who_has_no_name_or_speaks_no_TLS_is_led_to_the_pool_of_the_others()
    {
        await using OpensslServer one = await OpensslServer.StartAsync(_folder, "one");
        await using OpensslServer all = await OpensslServer.StartAsync(_folder, "all");
        await using TestBackend plain = TestBackend.StartNamed("plain");
        await using ProxyProgram proxy = await ProxyProgram.StartAsync(
            TlsFile(
                one,
                all,
                "\"pool\": \"others\",",
                $"\"others\": {{ \"backends\": [\"{plain.Address}\"] }},"));
        using Socket client = await proxy.ConnectAsync();
        await Clients.SendAllAsync(client, "GET / HTTP/1.0\r\n\r\n"u8.ToArray());
        Assert.That(await ReadTextAsync(client, 5 + 18), Is.EqualTo("plainGET / HTTP/1.0\r\n\r\n"));
    }

    [Test]
    public async Task A_first_message_in_single_bytes_passes_unchanged()
    {
        await using TestBackend one = TestBackend.Start();
        byte[] hello = ClientHellos.Asking("one.example.org");
        await using ProxyProgram proxy = await ProxyProgram.StartAsync($$"""
            {
              "ring": "{{Ring}}",
              "listeners": [ { "address": "tcp://127.0.0.1:0", "names": { "one.example.org": "one" } } ],
              "pools": { "one": { "backends": ["{{one.Address}}"] } }
            }
            """);
        using Socket client = await proxy.ConnectAsync();
        foreach (byte piece in hello)
        {
            await Clients.SendAllAsync(client, new[] { piece });
        }

        Socket server = await one.AcceptedAsync();
        Assert.That(await Clients.ReceiveExactlyAsync(server, hello.Length), Is.EqualTo(hello));
    }

    [Test]
    public async Task A_client_that_says_no_name_in_time_is_cut_off()
    {
        await using TestBackend one = TestBackend.Start();
        await using ProxyProgram proxy = await ProxyProgram.StartAsync($$"""
            {
              "ring": "{{Ring}}", "timeouts": { "hello": "50ms" },
              "listeners": [ { "address": "tcp://127.0.0.1:0", "names": { "one.example.org": "one" } } ],
              "pools": { "one": { "backends": ["{{one.Address}}"] } }
            }
            """);
        using Socket client = await proxy.ConnectAsync();
        await Clients.SendAllAsync(client, ClientHellos.Asking("one.example.org")[..40]);
        Assert.ThrowsAsync<SocketException>(() => Clients.ReceiveToEndAsync(client));
    }

    private string TlsFile(OpensslServer one, OpensslServer all, string pool, string more = "") => $$"""
        {
          "ring": "{{Ring}}",
          // Comments are allowed.
          "listeners": [
            {
              "address": "tcp://127.0.0.1:0", {{pool}}
              "names": { "one.example.org": "one", "*.example.org": "all" }
            }
          ],
          "pools": {
            {{more}}
            "one": { "backends": ["tcp://127.0.0.1:{{one.Port}}"] },
            "all": { "backends": ["tcp://127.0.0.1:{{all.Port}}"] },
          }
        }
        """;

    // What openssl says, whatever its exit code.
    private static async Task<string> SubjectAsync(ProxyProgram proxy, string name)
    {
        using Process client = Process.Start(new ProcessStartInfo(
            "openssl", $"s_client -connect {proxy.Endpoint} {name}")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        client.StandardInput.Close();
        Task<string> errors = client.StandardError.ReadToEndAsync();
        string output = await client.StandardOutput.ReadToEndAsync().WaitAsync(Clients.Patience);
        await client.WaitForExitAsync().WaitAsync(Clients.Patience);
        return output + await errors;
    }
}
