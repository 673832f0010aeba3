using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gain.Tls.Tests;

/// <summary>Sessions that are resumed.</summary>
public class TicketTests
{
    [TestCase(TlsVersion.Tls12)]
    [TestCase(TlsVersion.Tls13)]
    public void A_ticket_of_one_context_resumes_on_another(TlsVersion version)
    {
        var keys = new TlsTicketKeys();
        using TlsResumption ticket = Ticket(Options(keys, version));
        Assert.That(IsResumed(Options(keys, version), ticket), Is.True);
        Assert.That(IsResumed(Options(new TlsTicketKeys(), version), ticket), Is.False,
            "other keys, another cluster");
    }

    [Test]
    public void A_ticket_outlives_as_many_rotations_as_keys_are_kept()
    {
        // A ticket of TLS 1.3 is of no use anymore when it has brought another.
        var keys = new TlsTicketKeys();
        using TlsResumption first = Ticket(Options(keys));
        using TlsResumption second = Ticket(Options(keys));
        using TlsResumption third = Ticket(Options(keys));
        keys.Rotate(kept: 2);
        Assert.That(IsResumed(Options(keys), first), Is.True);
        keys.Rotate(kept: 2);
        Assert.That(IsResumed(Options(keys), second), Is.True);
        keys.Rotate(kept: 2);
        Assert.That(IsResumed(Options(keys), third), Is.False);
    }

    [Test]
    public void The_keys_of_a_cluster_resume_on_each_of_its_machines()
    {
        byte[] key = RandomNumberGenerator.GetBytes(TlsTicketKeys.KeyBytes);
        using TlsResumption ticket = Ticket(Options(new TlsTicketKeys(key)));
        using TlsResumption other = Ticket(Options(new TlsTicketKeys(key)));
        Assert.That(IsResumed(Options(new TlsTicketKeys(key)), ticket), Is.True);
        var replaced = new TlsTicketKeys();
        replaced.Replace(RandomNumberGenerator.GetBytes(TlsTicketKeys.KeyBytes), key);
        Assert.That(IsResumed(Options(replaced), other), Is.True);
    }

    [Test]
    public void Keys_that_cannot_be_used_are_refused_and_the_old_ones_kept()
    {
        var keys = new TlsTicketKeys();
        byte[] before = keys.Current[0];
        byte[] good = RandomNumberGenerator.GetBytes(TlsTicketKeys.KeyBytes);
        Assert.That(() => keys.Replace(), Throws.TypeOf<TlsException>());
        Assert.That(() =>
            keys.Replace(new byte[48]), Throws.TypeOf<TlsException>().With.Message.Contains("48 bytes"));
        Assert.That(() =>
            keys.Replace(good, good), Throws.TypeOf<TlsException>().With.Message.Contains("same"));
        Assert.That(() => keys.Replace([.. Enumerable.Repeat(good, 9)]), Throws.TypeOf<TlsException>());
        Assert.That(keys.Current[0], Is.SameAs(before));
    }

    [Test]
    public void Without_keys_there_are_no_tickets([Versions] TlsVersion version)
    {
        using Pair pair = new Pair(Options(null, version)).Connect();
        pair.Server.Send("data");
        pair.Pump();
        Assert.That(pair.Client.Session.GetResumption(), Is.Null);
    }

    [Test]
    public void A_resumed_session_keeps_the_identity_of_the_client([Versions] TlsVersion version)
    {
        TlsServerOptions options =
            RecordTests.Only(ClientCertificateTests.Asking(TlsClientCertificates.Required), version);
        using TlsResumption ticket =
            Ticket(options, ClientCertificateTests.Showing(Certificates.For("alice")));
        using Pair pair = new Pair(options, resumption: ticket).Connect();
        Assert.That(pair.Server.Session.IsResumed, Is.True);
        using X509Certificate2 shown = pair.Server.Session.GetPeerCertificate()!;
        Assert.That(TlsIdentity.CommonName(shown), Is.EqualTo("alice"));
    }

    [Test]
    public void A_ticket_does_not_lead_around_a_certificate_that_is_required([Versions] TlsVersion version)
    {
        var keys = new TlsTicketKeys();
        using TlsResumption ticket = Ticket(Options(keys, version));
        TlsServerOptions strict =
            RecordTests.Only(ClientCertificateTests.Asking(TlsClientCertificates.Required), version);
        strict.TicketKeys = keys;
        using var pair = new Pair(strict, resumption: ticket);
        pair.Pump();
        Assert.That(pair.Server.Session.IsHandshaken, Is.False);
        Assert.That(pair.Server.Session.Failure.Kind, Is.Not.EqualTo(TlsFailureKind.None));
    }

    [Test]
    public void A_ticket_that_was_tampered_with_is_a_full_handshake()
    {
        var keys = new TlsTicketKeys();
        byte[] key = [.. keys.Current[0]];
        using TlsResumption ticket = Ticket(Options(keys));

        // The name is known and the keys are not those that the ticket was made with.
        key[20] ^= 1;
        key[70] ^= 1;
        Assert.That(IsResumed(Options(new TlsTicketKeys(key)), ticket), Is.False);
    }

    private static TlsServerOptions Options(TlsTicketKeys? keys, TlsVersion version = TlsVersion.Tls13)
    {
        TlsServerOptions options = RecordTests.Only(Pair.ServerOptions(), version);
        options.TicketKeys = keys;
        return options;
    }

    private static TlsResumption Ticket(TlsServerOptions options, TlsClientOptions? client = null)
    {
        using Pair pair = new Pair(options, client).Connect();
        pair.Server.Send("data");
        pair.Pump();
        pair.Client.Close();
        return pair.Client.Session.GetResumption()!;
    }

    private static bool IsResumed(TlsServerOptions options, TlsResumption ticket)
    {
        using Pair pair = new Pair(options, resumption: ticket).Connect();
        Assert.That(pair.Client.Session.IsResumed, Is.EqualTo(pair.Server.Session.IsResumed));
        pair.Client.Close();
        return pair.Server.Session.IsResumed;
    }
}
