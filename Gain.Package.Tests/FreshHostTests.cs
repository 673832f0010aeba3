using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Gain.Tests.Package;

/// <summary>
/// A fresh project from the packages, whose end points, limits, networks and certificates are in
/// appsettings.json, under the just-in-time compiler and as a native binary.
/// </summary>
[TestFixture(false)]
[TestFixture(true)]
[Category("Package")]
[NonParallelizable]
[Patience(900)]
public sealed class FreshHostTests(bool isNative)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private string _program = null!;
    private string _folder = null!;

    [OneTimeSetUp]
    public async Task BuildAsync() => _program = await HostProject.ProgramAsync(isNative);

    [SetUp]
    public async Task MakeFolderAsync()
    {
        _folder = Directory.CreateTempSubdirectory("gain-fresh-").FullName;
        await ServerCertificate.WriteAsync(_folder);
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task It_serves_refuses_whom_it_should_and_tells_a_collector()
    {
        await ConfigureAsync();
        await using var collector = new Collector();
        var environment = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address.ToString(),
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "100",
        };
        using HostProcess host = await HostProcess.StartAsync(_folder, _program, environment);
        IPEndPoint[] echo = host.EndPointsOf("echo");
        Assert.That(echo, Has.Length.EqualTo(2), host.Log);
        using Socket plain = await ConnectAsync(echo[0]);
        await using var stream = new NetworkStream(plain);
        await AssertEchoAsync(stream);

        using Socket second = await ConnectAsync(echo[1]);
#pragma warning disable CA5359 // The certificate is the test's own.
        await using var tls = new SslStream(new NetworkStream(second), false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await tls.AuthenticateAsClientAsync("localhost").WaitAsync(s_patience);
        Assert.That(tls.RemoteCertificate!.Subject, Is.EqualTo("CN=localhost"));
        await AssertEchoAsync(tls);

        // Two connections are the most of an address, and 127.0.0.2 is of no network that is let in.
        await AssertRefusedAsync(echo[0], IPAddress.Loopback);
        await AssertRefusedAsync(echo[0], IPAddress.Parse("127.0.0.2"));

        Assert.That(host.IsOpenToTools, "dotnet-counters finds it");
        string ready = await HostProcess.GetAsync(host.EndPointsOf("probes")[0], "/ready");
        Assert.That(ready, Does.StartWith("HTTP/1.1 200 OK"));
        string server = $"tcp://{echo[0]}, tls://{echo[1]}";
        await collector.AwaitAsync($"{server} gain.connections.accepted", 2);
        await collector.AwaitAsync($"{server} gain.connections.active", 2);
        await collector.AwaitAsync($"{server} gain.connections.refused address_limit", 1);
        await collector.AwaitAsync($"{server} gain.connections.refused address_filter", 1);

        // Clients that close their side let the stop end by itself.
        await host.TerminateAsync();
        Assert.That(await stream.ReadAsync(new byte[1]).AsTask().WaitAsync(s_patience), Is.Zero);
        Assert.That(await tls.ReadAsync(new byte[1]).AsTask().WaitAsync(s_patience), Is.Zero);
        plain.Close();
        second.Close();
        Assert.That(await host.AwaitEndAsync(), Is.Zero, host.Log);
    }

    [Test]
    public async Task It_is_unready_while_it_drains_and_ends_at_the_hosts_timeout()
    {
        JsonNode settings = Settings();
        settings["ShutdownTimeoutSeconds"] = 3;
        settings["Gain"]!["Servers"]!["echo"]!["Timeouts"] =
            new JsonObject { ["Drain"] = "01:00:00", ["Linger"] = "01:00:00" };
        await ConfigureAsync(settings);
        using HostProcess host = await HostProcess.StartAsync(_folder, _program);
        IPEndPoint probes = host.EndPointsOf("probes")[0];
        Assert.That(await HostProcess.GetAsync(probes, "/ready"), Does.StartWith("HTTP/1.1 200 "));
        using Socket client = await ConnectAsync(host.EndPointsOf("echo")[0]);
        await using var stream = new NetworkStream(client);
        await AssertEchoAsync(stream);

        // The client never closes its side: without the host's timeout this would last an hour.
        await host.TerminateAsync();
        Assert.That(await stream.ReadAsync(new byte[1]).AsTask().WaitAsync(s_patience), Is.Zero, "FIN");
        Assert.That(await HostProcess.GetAsync(probes, "/ready"), Does.StartWith("HTTP/1.1 503 "));
        Assert.That(await HostProcess.GetAsync(probes, "/live"), Does.StartWith("HTTP/1.1 200 "));
        Assert.That(await host.AwaitEndAsync(), Is.Zero, host.Log);
    }

    [TestCase("Limits:MaxConnections", "0", "GainOptions.Limits.MaxConnections is 0, but must be 1 to")]
    [TestCase("Limits:MaxConections", "5", "'MaxConections'")]
    [TestCase("Accepting:AllowedNetworks:0", "10.0.0/99", "AllowedNetworks[0] is \"10.0.0/99\"")]
    [TestCase("Endpoints:secure:Certificate", "None", "is \"None\", but there is no Gain:Certificates:None")]
    public async Task What_is_wrong_in_its_configuration_is_named_and_it_does_not_start(
        string key, string value, string expected)
    {
        await ConfigureAsync();
        ToolRun run = await ToolRun.TryProgram(
            _program, $"--contentRoot={_folder}", $"--Gain:Servers:echo:{key}={value}");
        Assert.That(run.ExitCode, Is.Not.Zero);
        Assert.That(
            run.Output,
            Does.Contain("The server \"echo\" (Gain:Servers:echo) cannot start: ").And.Contain(expected));
        Assert.That(run.Output, Does.Not.Contain("Application started"));
    }

    private static JsonNode Settings() => JsonNode.Parse("""
        {
          "Logging": {
            "LogLevel": { "Default": "Information" },
            "Console": { "FormatterName": "simple", "FormatterOptions": { "SingleLine": true } }
          },
          "Gain": {
            "Certificates": { "main": { "Path": "cert.pem", "KeyPath": "key.pem" } },
            "Servers": {
              "probes": {
                "Endpoints": { "probes": { "Url": "tcp://127.0.0.1:0" } },
                "WorkerCount": 1
              },
              "echo": {
                "Endpoints": {
                  "public": { "Url": "tcp://127.0.0.1:0" },
                  "secure": { "Url": "tls://127.0.0.1:0", "Certificate": "main" }
                },
                "WorkerCount": 1,
                "Accepting": { "AllowedNetworks": ["127.0.0.1/32"] },
                "Limits": { "MaxConnectionsPerAddress": 2 },
                "Timeouts": { "Idle": "00:05:00" }
              }
            }
          }
        }
        """)!;

    private async Task ConfigureAsync(JsonNode? settings = null) => await File.WriteAllTextAsync(
        Path.Combine(_folder, "appsettings.json"), (settings ?? Settings()).ToJsonString());

    private static async Task<Socket> ConnectAsync(IPEndPoint endPoint, IPAddress? from = null)
    {
        var client = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        client.Bind(new IPEndPoint(from ?? IPAddress.Loopback, 0));
        await client.ConnectAsync(endPoint).WaitAsync(s_patience);
        return client;
    }

    private static async Task AssertEchoAsync(Stream stream)
    {
        await stream.WriteAsync("hello"u8.ToArray());
        byte[] answer = new byte[5];
        await stream.ReadExactlyAsync(answer).AsTask().WaitAsync(s_patience);
        Assert.That(answer, Is.EqualTo("hello"u8.ToArray()));
    }

    private static async Task AssertRefusedAsync(IPEndPoint endPoint, IPAddress from)
    {
        using Socket client = await ConnectAsync(endPoint, from);
        int received = 0;
        try
        {
            received = await client.ReceiveAsync(new byte[1]).WaitAsync(s_patience);
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Refused, too.
        }

        Assert.That(received, Is.Zero);
    }
}
