using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>Connections that begin as plain text and go over to TLS.</summary>
[TestFixture(GainRing.Uring, GainArchitecture.Sharding)]
[TestFixture(GainRing.Uring, GainArchitecture.Reactor)]
[TestFixture(GainRing.Epoll, GainArchitecture.Sharding)]
public class StartTlsTests(GainRing ring, GainArchitecture architecture)
    : TlsServerTestBase(ring, architecture)
{
    private readonly List<ConnectionHandle> _handles = [];

    [SetUp]
    public void Forget() => _handles.Clear();

    [TestCase("tcp://127.0.0.1:0")]
    [TestCase("unix://@gain-starttls-test")]
    public async Task A_plain_connection_goes_over_to_TLS_and_back_to_its_handler(string address)
    {
        GainServer server = StartMail(address: address);
        using Stream plain = await ConnectPlainAsync(server);
        await SayAsync(plain, "EHLO me", "250-here\r\n250 STARTTLS\r\n");
        await SayAsync(plain, "STARTTLS", "220 go\r\n");
        await using SslStream secret = await SecureAsync(plain);
        for (int i = 0; i < 3; i++)
        {
            await SayAsync(secret, "NOOP", "250 ok\r\n");
        }

        await SayAsync(secret, "QUIT", "221 bye\r\n");
        Assert.That(await ReadToEndAsync(secret), Is.Empty);
        await secret.DisposeAsync();
        await Journal.AwaitAsync(7);
        Assert.That(Journal.Entries, Is.EqualTo(new[]
        {
            "EHLO plain", "STARTTLS plain", "NOOP TLSv1.3", "NOOP TLSv1.3", "NOOP TLSv1.3",
            "QUIT TLSv1.3", "closed Local ",
        }));
        Assert.That(server.Statistics.FailedHandshakes, Is.Zero);
    }

    // What was sent before TLS, by whoever is on the way, must not count as sent over it.
    [TestCase("STARTTLS\r\nEVIL\r\n")]
    [TestCase("NOOP\r\nSTARTTLS\r\nEVIL\r\nEVIL\r\n")]
    [TestCase("STARTTLS\r\nEV")]
    public async Task What_is_behind_the_message_that_starts_TLS_ends_the_connection(string text)
    {
        GainServer server = StartMail();
        using Stream plain = await ConnectPlainAsync(server);
        await plain.WriteAsync(Encoding.ASCII.GetBytes(text));
        string[] entries = await Journal.AwaitAsync(entry => entry.StartsWith("closed"), 1);
        Assert.That(entries, Has.None.Contains("EV"));
        Assert.That(entries[^1], Is.EqualTo("closed ProtocolError "));
        await Logger.Messages.AwaitAsync(entry => entry.Contains("bytes of plain text behind"), 1);

        // It is counted behind OnClose.
        await server.StopAsync(TimeSpan.FromSeconds(1)).WaitAsync(Clients.Patience);
        Assert.That(server.Statistics.FailedHandshakes, Is.EqualTo(1));
    }

    [Test]
    public async Task Plain_text_in_place_of_a_handshake_ends_the_connection()
    {
        GainServer server = StartMail();
        using Stream plain = await ConnectPlainAsync(server);
        await SayAsync(plain, "STARTTLS", "220 go\r\n");
        await plain.WriteAsync("EVIL\r\n"u8.ToArray());
        byte[] alert = await ReadAsync(plain, 7);
        Assert.That(alert[0], Is.EqualTo(21));
        string[] entries = await Journal.AwaitAsync(2);
        Assert.That(entries, Is.EqualTo(new[] { "STARTTLS plain", "closed ProtocolError " }));
    }

    [TestCase(10)]
    [TestCase(300_000)]
    public async Task What_is_written_meanwhile_goes_out_over_TLS(int length)
    {
        GainServer server = StartMail();
        using Stream plain = await ConnectPlainAsync(server);
        await SayAsync(plain, $"WELCOME {length}", "220 go\r\n");
        Assert.That(_handles[0].TrySend("and this\r\n"u8), Is.True);
        await using SslStream secret = await SecureAsync(plain);
        Assert.That(await ReadAsync(secret, length), Is.EqualTo(new byte[length]));
        Assert.That(await ReadAsync(secret, 10), Is.EqualTo("and this\r\n"u8.ToArray()));
        await SayAsync(secret, "NOOP", "250 ok\r\n");
    }

    [Test]
    public async Task A_close_meanwhile_sends_nothing_that_waited_as_plain_text()
    {
        GainServer server = StartMail();
        using Stream plain = await ConnectPlainAsync(server);
        await SayAsync(plain, "WELCOME 1000", "220 go\r\n");
        Assert.That(_handles[0].TryClose(), Is.True);
        Assert.That(await ReadToEndAsync(plain), Is.Empty);
    }

    [Test]
    public async Task A_client_that_goes_or_is_silent_instead_of_a_handshake_is_told_to_the_handler()
    {
        TlsServerOptions options = Options();
        options.HandshakeTimeout = TimeSpan.FromMilliseconds(100);
        GainServer server = StartMail(options);
        using Stream silent = await ConnectPlainAsync(server);
        await SayAsync(silent, "STARTTLS", "220 go\r\n");
        await Journal.AwaitAsync(entry => entry == "closed FirstByteTimeout ", 1);
        options.HandshakeTimeout = TimeSpan.FromSeconds(10);
        options.Apply();
        using Socket leaving = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(leaving, "STARTTLS\r\n"u8.ToArray());
        leaving.Shutdown(SocketShutdown.Send);
        await Journal.AwaitAsync(entry => entry == "closed Truncated ", 1);
    }

    [Test]
    public async Task Handshakes_beyond_the_bound_are_refused_here_as_well()
    {
        TlsServerOptions options = Options();
        options.MaxHandshakes = 1;
        GainServer server = StartMail(options, workers: 1);
        using Stream one = await ConnectPlainAsync(server);
        await SayAsync(one, "STARTTLS", "220 go\r\n");
        using Stream other = await ConnectPlainAsync(server);
        await other.WriteAsync("STARTTLS\r\n"u8.ToArray());
        await Journal.AwaitAsync(entry => entry == "closed Aborted ", 1);
        await using SslStream secret = await SecureAsync(one);
        await SayAsync(secret, "NOOP", "250 ok\r\n");
    }

    [Test]
    public async Task Starting_it_where_it_cannot_be_says_why()
    {
        GainServer server = Start(
            GainServer.Listen(new Mail(Journal, _handles), "tcp://127.0.0.1:0"), workers: 1);
        using Stream plain = await ConnectPlainAsync(server);
        await plain.WriteAsync("STARTTLS\r\n"u8.ToArray());
        await Journal.AwaitAsync(entry => entry.Contains("UseStartTls(options)"), 1);
        await using SslStream secret = await ConnectAsync(Start(new Mail(Journal, _handles)));
        await secret.WriteAsync("STARTTLS\r\n"u8.ToArray());
        await Journal.AwaitAsync(entry => entry.Contains("encrypted already"), 1);
        GainException fault = Assert.Throws<GainException>(
            () => GainServer.Listen(new Echo(), "tls://127.0.0.1:0").UseStartTls(Options()))!;
        Assert.That(fault.Message, Does.Contain("no tcp:// or unix://"));
    }

    [Test]
    public async Task Conversations_in_any_pieces_go_over_to_TLS()
    {
        GainServer server = StartMail();
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            using Stream plain = await ConnectPlainAsync(server);
            byte[] hello = "EHLO me\r\nNOOP\r\nSTARTTLS\r\n"u8.ToArray();
            for (int at = 0; at < hello.Length;)
            {
                int count = Math.Min(hello.Length - at, random.Next(1, 12));
                await plain.WriteAsync(hello.AsMemory(at, count));
                at += count;
            }

            await ReadAsync(plain, "250-here\r\n250 STARTTLS\r\n250 ok\r\n220 go\r\n".Length);
            await using SslStream secret = await SecureAsync(plain);
            await SayAsync(secret, "NOOP", "250 ok\r\n");
        }

        Assert.That(server.Statistics.FailedHandshakes, Is.Zero);
    }

    private static async Task SayAsync(Stream stream, string line, string answer)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));
        byte[] said = await ReadAsync(stream, answer.Length);
        Assert.That(Encoding.ASCII.GetString(said), Is.EqualTo(answer));
    }

    private static async Task<Stream> ConnectPlainAsync(GainServer server)
    {
        Socket socket;
        if (server.EndPoints.Count != 0)
        {
            socket = await Clients.ConnectAsync(server);
            socket.NoDelay = true;
        }
        else
        {
            string name = server.Addresses[0]["unix://@".Length..];
            socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint("\0" + name));
        }

        var stream = new NetworkStream(socket, ownsSocket: true);
        Assert.That(await ReadAsync(stream, 11), Is.EqualTo("220 ready\r\n"u8.ToArray()));
        return stream;
    }

    private GainServer StartMail(
        TlsServerOptions? tls = null, string address = "tcp://127.0.0.1:0", int? workers = null) =>
        Start(
            GainServer.Listen(new Mail(Journal, _handles), address).UseStartTls(tls ?? Options()), workers);
}
