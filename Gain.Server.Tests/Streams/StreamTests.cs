using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Gain.Tests.Server.Streams;

/// <summary>Libraries of the framework's over sessions' connections.</summary>
public class StreamTests(GainRing ring) : ServerTest(ring)
{
    private X509Certificate2 _certificate = null!;

    [OneTimeSetUp]
    public void MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        _certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    [OneTimeTearDown]
    public void DropCertificate() => _certificate.Dispose();

    [Test]
    public async Task Reader_and_writer_of_lines_serve_a_dialogue()
    {
        var journal = new Journal();
        GainServer server = Start(new StreamLines(journal), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "one\ntw"u8.ToArray());
        Assert.That(await ReceiveTextAsync(client, 4), Is.EqualTo("one\n"));
        await Clients.SendAllAsync(client, "o\nthree"u8.ToArray());
        Assert.That(await ReceiveTextAsync(client, 4), Is.EqualTo("two\n"));
        client.Shutdown(SocketShutdown.Send);
        Assert.That(
            Encoding.ASCII.GetString(await Clients.ReceiveToEndAsync(client)), Is.EqualTo("three\nbye\n"));
        await journal.AwaitAsync(2);
        Assert.That(journal.Entries, Is.EqualTo(new[] { "end of lines", "close PeerClosed" }));
        Assert.That(server.Statistics.HandlerFaults, Is.Zero);
    }

    [Test]
    public async Task Parser_in_a_pipe_gets_all_bytes()
    {
        GainServer server = Start(new StreamPipeLines(), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        var sent = new StringBuilder();
        for (int i = 0; i < 20_000; i++)
        {
            sent.Append("line ").Append(i).Append('\n');
        }

        Task sending = Clients.SendAllAsync(client, Encoding.ASCII.GetBytes(sent.ToString()));
        Assert.That(await ReceiveTextAsync(client, sent.Length), Is.EqualTo(sent.ToString()));
        await sending;
        client.Shutdown(SocketShutdown.Send);
        Assert.That(
            Encoding.ASCII.GetString(await Clients.ReceiveToEndAsync(client)), Is.EqualTo("bye\n"));
        Assert.That((await AwaitAllClosedAsync(server)).HandlerFaults, Is.Zero);
    }

    [Test]
    public async Task What_the_session_has_left_comes_first_and_small_reads_lose_nothing()
    {
        GainServer server = Start(new StreamUpgrade(), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "head\nbehind it"u8.ToArray());
        Assert.That(await ReceiveTextAsync(client, 9), Is.EqualTo("behind it"));
        byte[] more = Clients.Pattern(200_000, 3);
        Task sending = SendAndShutdownAsync(client, more);
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.EqualTo(more));
        await sending;
        Assert.That((await AwaitAllClosedAsync(server)).HandlerFaults, Is.Zero);
    }

    // A peer that reads nothing before it has sent all: whoever waits to be read, and does not read
    // meanwhile, would wait for ever.
    [Test]
    public async Task Writing_to_a_peer_that_reads_later_does_not_keep_from_reading()
    {
        GainServer server = Start(new StreamBothWays(), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        byte[] sent = Clients.Pattern(StreamBothWays.Bytes, 7);
        await Clients.SendAllAsync(client, sent).WaitAsync(Clients.Patience);
        client.Shutdown(SocketShutdown.Send);
        byte[] got = await Clients.ReceiveToEndAsync(client);
        Assert.That(got, Has.Length.EqualTo(StreamBothWays.Bytes + 1));
        Assert.That(got[^1], Is.EqualTo(StreamBothWays.HashOf(sent)));
        Assert.That((await AwaitAllClosedAsync(server)).HandlerFaults, Is.Zero);
    }

    [Test]
    public async Task Write_that_is_over_does_not_keep_the_next_out_whoever_takes_its_result()
    {
        GainServer server = Start(new StreamUntaken(), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        byte[] got = await Clients.ReceiveToEndAsync(client);
        Assert.That(got, Is.EqualTo(Enumerable.Range(0, StreamUntaken.Writes).Select(i => (byte)i)));
        Assert.That(server.Statistics.HandlerFaults, Is.Zero);
    }

    [Test]
    public async Task SslStream_serves_clients_of_its_own_kind()
    {
        var journal = new Journal();
        GainServer server = Start(
            new StreamTlsEcho(_certificate, journal), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        await using SslStream tls = await AuthenticateAsync(new NetworkStream(client));
        byte[] sent = Clients.Pattern(3_000_000, 5);
        Task sending = tls.WriteAsync(sent).AsTask();
        byte[] got = new byte[sent.Length];
        await tls.ReadExactlyAsync(got).AsTask().WaitAsync(Clients.Patience);
        await sending;
        Assert.That(got.AsSpan().SequenceEqual(sent), "what was echoed");
        await tls.ShutdownAsync();
        client.Shutdown(SocketShutdown.Send);
        Assert.That(await tls.ReadAsync(got).AsTask().WaitAsync(Clients.Patience), Is.Zero);
        await journal.AwaitAsync(1);
        Assert.That(journal.Entries[0], Does.Match("close (PeerClosed|Local) $"));
    }

    [Test]
    public async Task SslStream_serves_OpenSSL()
    {
        RequireTcp("s_client is given a port");
        var journal = new Journal();
        GainServer server = Start(
            new StreamTlsEcho(_certificate, journal), new GainOptions { WorkerCount = 1 });
        var start = new ProcessStartInfo("openssl")
        {
            Arguments = $"s_client -quiet -connect 127.0.0.1:{server.EndPoints[0].Port}",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process openssl = Process.Start(start)!;
        try
        {
            openssl.ErrorDataReceived += (_, _) => { };
            openssl.BeginErrorReadLine();
            await openssl.StandardInput.WriteAsync("hello over TLS\n");
            await openssl.StandardInput.FlushAsync();
            string? line = await openssl.StandardOutput.ReadLineAsync().WaitAsync(Clients.Patience);
            Assert.That(line, Is.EqualTo("hello over TLS"));
        }
        finally
        {
            openssl.Kill();
            await openssl.WaitForExitAsync().WaitAsync(Clients.Patience);
        }
    }

    [Test]
    public async Task SslStream_is_the_client_of_a_connection_that_was_dialled()
    {
        var journal = new Journal();
        GainServer server = Start(
            new StreamTlsEcho(_certificate, journal), new GainOptions { WorkerCount = 1 });
        var loan = new StreamLoan();
        await using var client = new DialledStream(Ring, loan, journal);
        Stream stream = await client.DialAsync(DialTarget.Parse(server.Addresses[0]));
        await using (SslStream tls = await AuthenticateAsync(stream))
        {
            byte[] sent = Clients.Pattern(1_000_000, 6);
            Task sending = tls.WriteAsync(sent).AsTask();
            byte[] got = new byte[sent.Length];
            await tls.ReadExactlyAsync(got).AsTask().WaitAsync(Clients.Patience);
            await sending.WaitAsync(Clients.Patience);
            Assert.That(got.AsSpan().SequenceEqual(sent), "what was echoed");
        }

        await journal.AwaitAsync(entry => entry.StartsWith("close", StringComparison.Ordinal), 2);
        Assert.That(journal.Entries, Does.Contain("delay False"));
    }

    [Test]
    public async Task Library_on_the_worker_is_told_of_a_reset_which_is_no_fault_of_the_sessions()
    {
        var journal = new Journal();
        GainServer server = Start(new StreamHopeful(journal), new GainOptions { WorkerCount = 1 });
        Socket client = await Clients.ConnectAsync(server);
        await journal.AwaitAsync(3);
        Clients.Reset(client);
        await journal.AwaitAsync(4);
        Assert.That(journal.Entries[0], Does.StartWith("Read was awaited, and AsStream"));
        Assert.That(journal.Entries[1], Does.StartWith("Read would make the worker stand still"));
        Assert.That(journal.Entries[3], Is.EqualTo("close Reset"));

        // The session has ended when its worker has answered another connection.
        using Socket other = await Clients.ConnectAsync(server);
        await journal.AwaitAsync(entry => entry == "reads", 2);
        Assert.That(server.Statistics.HandlerFaults, Is.Zero);
    }

    [Test]
    public async Task HttpClient_asks_nginx_over_a_connection_that_was_dialled()
    {
        await using BalancerProcess nginx = await BalancerProcess.NginxPageAsync();
        var journal = new Journal();
        var loan = new StreamLoan();
        await using var client = new DialledStream(Ring, loan, journal);
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, _) => await client.DialAsync(
                DialTarget.Parse($"tcp://127.0.0.1:{context.DnsEndPoint.Port}")),
        };
        using var http = new HttpClient(handler) { Timeout = Clients.Patience };
        for (int i = 0; i < 100; i++)
        {
            string page = await http.GetStringAsync($"http://127.0.0.1:{nginx.Port}/{i}");
            Assert.That(page, Is.EqualTo($"page /{i}"));
        }

        http.Dispose();
        await journal.AwaitAsync(2);
        Assert.That(journal.Entries, Is.EqualTo(new[] { "delay False", "close Local" }));
    }

    [Test]
    public async Task Silent_client_of_a_reader_is_no_answer_that_is_due()
    {
        GainServer server = Start(
            new StreamLines(new Journal()),
            new GainOptions { WorkerCount = 1, Timeouts = { Hold = TimeSpan.FromMilliseconds(20) } });
        using Socket silent = await Clients.ConnectAsync(server);
        var journal = new Journal();
        var gate = new Sessions.SessionGate();
        GainServer other = Start(
            new Sessions.SessionDialogue(journal, gate),
            new GainOptions { WorkerCount = 1, Timeouts = { Hold = TimeSpan.FromMilliseconds(20) } });
        using Socket away = await Clients.ConnectAsync(other);
        await Clients.SendAllAsync(silent, "x\n"u8.ToArray());
        Assert.That(await ReceiveTextAsync(silent, 2), Is.EqualTo("x\n"));

        // This one is due, later than that would be.
        await Clients.SendAllAsync(away, "away\n"u8.ToArray());
        TaskCompletionSource<string> question = await gate.TakeAsync();
        var clock = Stopwatch.StartNew();
        while (other.Statistics.ExpiredHolds == 0)
        {
            Assert.That(clock.Elapsed, Is.LessThan(Clients.Patience));
            await Task.Yield();
        }

        Assert.That(server.Statistics.ExpiredHolds, Is.Zero);
        question.SetResult("x\n");
    }

    private static async Task<SslStream> AuthenticateAsync(Stream inner)
    {
        var tls = new SslStream(inner, leaveInnerStreamOpen: false, static (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync("localhost").WaitAsync(Clients.Patience);
        return tls;
    }

    private static async Task SendAndShutdownAsync(Socket client, byte[] data)
    {
        await Clients.SendAllAsync(client, data);
        client.Shutdown(SocketShutdown.Send);
    }

    private static async Task<string> ReceiveTextAsync(Socket client, int count) =>
        Encoding.ASCII.GetString(await Clients.ReceiveExactlyAsync(client, count));
}

public class ReactorStreamTests(GainRing ring) : StreamTests(ring)
{
    private protected override void Configure(GainOptions options) =>
        options.Architecture = GainArchitecture.Reactor;
}
