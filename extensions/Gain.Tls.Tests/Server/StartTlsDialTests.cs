using System.Net.Sockets;
using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>Connections that were dialled as plain text, and go over to TLS.</summary>
[TestFixture(GainRing.Uring, GainArchitecture.Sharding)]
[TestFixture(GainRing.Epoll, GainArchitecture.Sharding)]
public class StartTlsDialTests(GainRing ring, GainArchitecture architecture)
    : TlsServerTestBase(ring, architecture)
{
    private static readonly string[] s_conversation =
    [
        "220 ready plain", "250-here plain", "250 STARTTLS plain", "220 go plain", "250 ok TLSv1.3",
        "221 bye TLSv1.3", "closed PeerClosed ",
    ];

    private readonly Journal _served = new();

    // By its address, by its name, and by a Unix socket, of which the name is not known.
    [TestCase("tcp://127.0.0.1:0", "127.0.0.1", null)]
    [TestCase("tcp://127.0.0.1:0", "localhost", null)]
    [TestCase("tcp://127.0.0.1:0", "127.0.0.1", "mail.example")]
    [TestCase("unix://@gain-starttls-dial-test", null, "mail.example")]
    public async Task A_connection_goes_over_to_TLS_and_back_to_its_handler(
        string address, string? host, string? target)
    {
        GainServer server = StartMail(address, target ?? host!, target);
        await DialAsync(server, host);
        string[] entries = await Journal.AwaitAsync(entry => entry.StartsWith("closed"), 1);
        Assert.That(entries, Is.EqualTo(s_conversation));
        Assert.That(server.Statistics.FailedHandshakes, Is.Zero);
    }

    [Test]
    public async Task A_certificate_for_another_host_ends_the_connection()
    {
        GainServer server = StartMail("tcp://127.0.0.1:0", "other.example", null);
        await DialAsync(server, "127.0.0.1");
        string[] entries = await Journal.AwaitAsync(entry => entry.StartsWith("closed"), 1);
        Assert.That(entries[^2..], Is.EqualTo(new[] { "220 go plain", "closed ProtocolError " }));
        await Logger.Messages.AwaitAsync(entry => entry.Contains("IP address mismatch"), 1);
    }

    [Test]
    public async Task Without_a_name_for_a_Unix_socket_it_says_what_to_set()
    {
        GainServer server = StartMail("unix://@gain-starttls-dial-test2", "mail.example", null);
        await DialAsync(server, null);
        await Logger.Messages.AwaitAsync(entry => entry.Contains("TlsClientOptions.TargetHost"), 1);
        await Journal.AwaitAsync(entry => entry.StartsWith("closed ProtocolError"), 1);
    }

    // What was sent before TLS, by whoever is on the way, must not count as sent over it.
    [TestCase("220 go\r\n250 ok\r\n")]
    [TestCase("220 go\r\n250")]
    public async Task What_is_behind_the_message_that_starts_TLS_ends_the_connection(string text)
    {
        using var listener = new SecureListener();
        GainServer server = StartMail("tcp://127.0.0.1:0", "127.0.0.1", null);
        await server.DialAsync(
            new MailSender(Journal), DialTarget.Parse($"tcp://127.0.0.1:{listener.Port}"));
        using Socket mail = await listener.AcceptAsync();
        await Clients.SendAllAsync(mail, System.Text.Encoding.ASCII.GetBytes(text));
        string[] entries = await Journal.AwaitAsync(entry => entry.StartsWith("closed"), 1);
        Assert.That(entries, Is.EqualTo(new[] { "220 go plain", "closed ProtocolError " }));
        await Logger.Messages.AwaitAsync(entry => entry.Contains("bytes of plain text behind"), 1);
    }

    [Test]
    public async Task A_server_that_is_silent_instead_of_a_handshake_is_told_to_the_handler()
    {
        using var listener = new SecureListener();
        GainServer server = StartMail(
            "tcp://127.0.0.1:0", "127.0.0.1", null, TimeSpan.FromMilliseconds(100));
        await server.DialAsync(
            new MailSender(Journal), DialTarget.Parse($"tcp://127.0.0.1:{listener.Port}"));
        using Socket mail = await listener.AcceptAsync();
        await Clients.SendAllAsync(mail, "220 go\r\n"u8.ToArray());
        await Journal.AwaitAsync(entry => entry == "closed FirstByteTimeout ", 1);
    }

    private GainServer StartMail(string address, string name, string? target, TimeSpan? timeout = null)
    {
        TlsServerOptions options = Options();
        options.Certificate = Certificates.For(name);
        return Start(
            GainServer.Listen(new Mail(_served, []), address).UseStartTls(options)
                .Dial(new MailSender(Journal)).UseTls(new TlsClientOptions
                {
                    TrustedRoots = Certificates.Roots,
                    TargetHost = target,
                    HandshakeTimeout = timeout ?? TimeSpan.FromSeconds(10),
                }));
    }

    private Task DialAsync(GainServer server, string? host) => server.DialAsync(
        new MailSender(Journal),
        DialTarget.Parse(host is null ? server.Addresses[0] : $"tcp://{host}:{server.EndPoints[0].Port}"))
        .WaitAsync(Clients.Patience);
}
