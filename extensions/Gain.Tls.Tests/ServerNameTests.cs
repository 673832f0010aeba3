using System.Text;

namespace Gain.Tls.Tests;

/// <summary>The name that a client asks for, and the certificate that it gets.</summary>
public class ServerNameTests
{
    [TestCase("server.example", "server.example")]
    [TestCase("SERVER.Example", "server.example")]
    [TestCase("server.example.", "server.example")]
    [TestCase("xn--bcher-kva.example", "xn--bcher-kva.example")]
    [TestCase("127.0.0.1", "")]
    [TestCase("::1", "")]
    public void A_name_has_one_form(string text, string expected)
    {
        Span<char> room = stackalloc char[ServerName.MaxLength];
        Assert.That(ServerName.TryNormalize(Encoding.UTF8.GetBytes(text), room, out int length), Is.True);
        Assert.That(room[..length].ToString(), Is.EqualTo(expected));
    }

    [TestCase("server.example\0.evil")]
    [TestCase("")]
    [TestCase(".")]
    [TestCase("two words")]
    [TestCase("bücher.example")]
    [TestCase("line\nfeed")]
    public void What_is_no_name_is_refused(string text) => Assert.That(
        ServerName.TryNormalize(Encoding.UTF8.GetBytes(text), new char[ServerName.MaxLength], out _),
            Is.False);

    [Test]
    public void A_name_longer_than_those_of_DNS_is_refused() => Assert.That(
        ServerName.TryNormalize(Encoding.UTF8.GetBytes(new string('a', 255)), new char[ServerName.MaxLength],
            out _),
        Is.False);

    [TestCase(new byte[] { 0, 4, 0, 0, 1, (byte)'a' }, true)]
    [TestCase(new byte[] { 0, 4, 0, 0, 2, (byte)'a' }, false)]
    [TestCase(new byte[] { 0, 5, 0, 0, 1, (byte)'a' }, false)]
    [TestCase(new byte[] { 0, 4, 1, 0, 1, (byte)'a' }, false)]
    [TestCase(new byte[] { 0, 3, 0, 0, 0 }, false)]
    [TestCase(new byte[] { 0 }, false)]
    public void An_extension_is_read_or_refused(byte[] extension, bool isGood) => Assert.That(
        ServerName.TryRead(extension, new char[ServerName.MaxLength], out _), Is.EqualTo(isGood));

    [TestCase("exact.example", "exact.example")]
    [TestCase("EXACT.Example", "exact.example")]
    [TestCase("exact.example.", "exact.example")]
    [TestCase("a.wild.example", "*.wild.example")]
    [TestCase("exact.wild.example", "exact.wild.example")]
    [TestCase("a.b.wild.example", "default.example")]
    [TestCase("wild.example", "default.example")]
    [TestCase("other.example", "default.example")]
    [TestCase("192.0.2.1", "default.example")]
    public void A_certificate_is_chosen_by_name(string host, string expected)
    {
        TlsServerOptions options = new() { Certificate = Certificates.For("default.example") };
        foreach (string name in (string[])["exact.example", "*.wild.example", "Exact.wild.example."])
        {
            options.ServerNames[name] = Certificates.For(name.TrimEnd('.').ToLowerInvariant());
        }

        Assert.That(Shown(options, host), Is.EqualTo($"CN={expected}"));
    }

    [TestCase("*.*.example")]
    [TestCase("a b")]
    [TestCase("10.0.0.1")]
    public void An_option_that_is_no_name_is_an_error_that_names_it(string name)
    {
        TlsServerOptions options = Pair.ServerOptions();
        options.ServerNames[name] = options.Certificate!;
        TlsException fault = Assert.Throws<TlsException>(() => TlsContext.ForServer(options))!;
        Assert.That(fault.Message, Does.Contain(name));
    }

    [Test]
    public void A_callback_chooses_at_once()
    {
        TlsServerOptions options = Pair.ServerOptions();
        options.SelectCertificate = hello =>
            new(hello.ServerName == "one.example" ? Certificates.For("one.example") : null);
        Assert.That(Shown(options, "ONE.example"), Is.EqualTo("CN=one.example"));
        Assert.That(Shown(options, Pair.Host), Is.EqualTo($"CN={Pair.Host}"));
    }

    [Test]
    public void A_choice_from_another_thread_resumes_the_handshake()
    {
        var choice = new TaskCompletionSource<TlsCertificate?>();
        int calls = 0;
        TlsServerOptions options = Pair.ServerOptions();
        options.SelectCertificate = _ =>
        {
            calls++;
            return new(choice.Task);
        };
        using TlsContext server = TlsContext.ForServer(options);
        using TlsContext client = TlsContext.ForClient(Any());
        using var resumed = new ManualResetEventSlim();
        long tag = 0;
        server.Resumable = named =>
        {
            tag = named;
            resumed.Set();
        };
        using var one = new Peer(server, tag: 77);
        using var other = new Peer(client, "slow.example");
        other.Receive();
        one.Receive(other.Sent.TakeAll());
        Assert.That(one.Status, Is.EqualTo(TlsStatus.Suspended));
        one.Receive();
        Assert.That(one.Status, Is.EqualTo(TlsStatus.Suspended), "asking again does not help");
        Assert.That(one.Sent.Count, Is.Zero);

        var thread = new Thread(() => choice.SetResult(Certificates.For("slow.example")));
        thread.Start();
        resumed.Wait();
        thread.Join();
        Assert.That((tag, calls), Is.EqualTo((77L, 1)));
        one.Receive();
        other.Receive(one.Sent.TakeAll());
        one.Receive(other.Sent.TakeAll());
        Assert.That(one.Session.IsHandshaken, Is.True);
        Assert.That(calls, Is.EqualTo(1));
        using var shown = other.Session.GetPeerCertificate()!;
        Assert.That(shown.Subject, Is.EqualTo("CN=slow.example"));
    }

    [Test]
    public void A_choice_after_the_end_of_its_session_changes_nothing()
    {
        var choice = new TaskCompletionSource<TlsCertificate?>();
        TlsServerOptions options = Pair.ServerOptions();
        options.SelectCertificate = _ => new(choice.Task);
        using var pair = new Pair(options, Any());
        pair.Client.Receive();
        pair.Server.Receive(pair.Client.Sent.TakeAll());
        pair.Server.Session.End();
        choice.SetResult(options.Certificate);
        Assert.That(pair.Server.Session.IsStarted, Is.False);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_choice_that_throws_ends_its_session_alone(bool isLate)
    {
        TlsServerOptions options = Pair.ServerOptions();
        options.SelectCertificate = _ => isLate
            ? ValueTask.FromException<TlsCertificate?>(new TimeoutException("no vault"))
            : throw new TimeoutException("no vault");
        using var pair = new Pair(options, Any());
        pair.Pump();
        Assert.That(pair.Server.Session.Failure.Kind, Is.EqualTo(TlsFailureKind.Callback));
        Assert.That(pair.Server.Session.Failure.Exception, Is.TypeOf<TimeoutException>());
        Assert.That(pair.Client.Session.Failure.AlertReceived, Is.EqualTo(80), "internal_error");
    }

    private static TlsClientOptions Any() =>
        new() { TrustedRoots = Certificates.Roots, CheckPeer = (_, _) => true };

    private static string Shown(TlsServerOptions options, string host)
    {
        using Pair pair = new Pair(options, Any(), host).Connect();
        using var shown = pair.Client.Session.GetPeerCertificate()!;
        return shown.Subject;
    }
}
