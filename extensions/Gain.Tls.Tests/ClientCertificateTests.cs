using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Gain.Tls.Tests;

/// <summary>Mutual TLS, and what a server may rely on in a client's certificate.</summary>
public class ClientCertificateTests
{
    [TestCase(TlsVersion.Tls12)]
    [TestCase(TlsVersion.Tls13)]
    public void A_client_without_a_certificate_is_refused_where_one_is_required(TlsVersion version)
    {
        using var pair = new Pair(RecordTests.Only(Asking(TlsClientCertificates.Required), version));
        pair.Pump();
        Assert.That(pair.Server.Session.Failure.Kind, Is.EqualTo(TlsFailureKind.Certificate), pair.Faults());
        Assert.That(pair.Client.Session.Failure.AlertReceived,
            Is.EqualTo(version == TlsVersion.Tls13 ? 116 : 40));
    }

    [Test]
    public void A_client_without_a_certificate_is_served_where_it_is_optional()
    {
        using Pair pair = new Pair(Asking(TlsClientCertificates.Optional)).Connect();
        Assert.That(pair.Server.Session.GetPeerCertificate(), Is.Null);
    }

    [TestCase(TlsClientCertificates.Optional)]
    [TestCase(TlsClientCertificates.Required)]
    public void A_certificate_that_is_trusted_is_shown_to_the_server(TlsClientCertificates mode)
    {
        using Pair pair = new Pair(Asking(mode), Showing(Certificates.For("alice"))).Connect();
        using X509Certificate2 shown = pair.Server.Session.GetPeerCertificate()!;
        Assert.That(TlsIdentity.CommonName(shown), Is.EqualTo("alice"));
    }

    [TestCase(TlsClientCertificates.Optional)]
    [TestCase(TlsClientCertificates.Required)]
    public void A_certificate_of_a_stranger_is_refused(TlsClientCertificates mode)
    {
        using var pair = new Pair(Asking(mode), Showing(Stranger()));
        pair.Pump();
        Assert.That(pair.Server.Session.Failure.Kind, Is.EqualTo(TlsFailureKind.Certificate), pair.Faults());
        Assert.That(pair.Server.Session.Failure.Describe(), Does.Contain("self-signed certificate"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void The_check_of_the_user_has_the_last_word(bool isAccepted)
    {
        string? told = null;
        TlsServerOptions options = Asking(TlsClientCertificates.Required);
        options.CheckPeer = (certificate, fault) =>
        {
            told = $"{TlsIdentity.CommonName(certificate)}: {fault}";
            return isAccepted;
        };
        using var stranger = new Pair(options, Showing(Stranger()));
        stranger.Pump();
        Assert.That(told, Does.StartWith("stranger: self-signed"));
        Assert.That(stranger.Server.Session.IsHandshaken, Is.EqualTo(isAccepted), stranger.Faults());

        using var friend = new Pair(options, Showing(Certificates.For("friend")));
        friend.Pump();
        Assert.That(told, Is.EqualTo("friend: "));
        Assert.That(friend.Server.Session.IsHandshaken, Is.EqualTo(isAccepted), friend.Faults());
    }

    [Test]
    public void A_check_that_throws_refuses_and_unwinds_no_native_frame()
    {
        TlsServerOptions options = Asking(TlsClientCertificates.Required);
        options.CheckPeer = (_, _) => throw new InvalidDataException("bad day");
        using var pair = new Pair(options, Showing(Certificates.For("alice")));
        pair.Pump();
        Assert.That(pair.Server.Session.Failure.Kind, Is.EqualTo(TlsFailureKind.Callback));
        Assert.That(pair.Server.Session.Failure.Exception!.Message, Is.EqualTo("bad day"));
        using Pair next = new Pair().Connect();
    }

    [Test]
    public void A_callback_that_uses_a_session_is_refused()
    {
        using Pair other = new Pair().Connect();
        TlsServerOptions options = Asking(TlsClientCertificates.Required);
        options.CheckPeer = (_, _) => other.Server.Send("no") == TlsStatus.Written;
        using var pair = new Pair(options, Showing(Certificates.For("alice")));
        pair.Pump();
        Assert.That(pair.Server.Session.Failure.Exception, Is.TypeOf<InvalidOperationException>());
    }

    [Test]
    public void Asking_without_roots_is_an_error_that_names_the_option()
    {
        TlsServerOptions options = Asking(TlsClientCertificates.Required);
        options.TrustedRoots = null;
        Assert.That(
            () => TlsContext.ForServer(options),
            Throws.TypeOf<TlsException>().With.Message.Contains(nameof(options.TrustedRoots)));
    }

    [TestCase("admin\0.evil", "admin\\0000.evil")]
    [TestCase("line\r\nfeed\u001b[2J", "line\\000d\\000afeed\\001b[2J")]
    [TestCase("right\u202eleft", "right\\202eleft")]
    [TestCase("back\\0000slash", "back\\005c0000slash")]
    [TestCase("Łódź", "Łódź")]
    public void A_common_name_is_safe_to_compare_and_to_log(string name, string expected)
    {
        using X509Certificate2 certificate = Named(name);
        Assert.That(TlsIdentity.CommonName(certificate), Is.EqualTo(expected));
        using Pair pair = new Pair(
            Asking(TlsClientCertificates.Required),
                Showing(TlsCertificate.FromCertificate(certificate))).Connect();
        using X509Certificate2 shown = pair.Server.Session.GetPeerCertificate()!;
        Assert.That(TlsIdentity.CommonName(shown), Is.EqualTo(expected));
    }

    [Test]
    public void A_long_name_is_whole_and_two_names_are_none()
    {
        string name = new('n', 5000);
        using X509Certificate2 longest = Named(name);
        Assert.That(TlsIdentity.CommonName(longest), Is.EqualTo(name));
        using X509Certificate2 two = Named("one", "two");
        Assert.That(TlsIdentity.CommonName(two), Is.Null);
    }

    internal static TlsServerOptions Asking(TlsClientCertificates mode)
    {
        TlsServerOptions options = Pair.ServerOptions();
        options.ClientCertificates = mode;
        options.TrustedRoots = Certificates.Roots;
        return options;
    }

    internal static TlsClientOptions Showing(TlsCertificate certificate)
    {
        TlsClientOptions options = Pair.ClientOptions();
        options.Certificate = certificate;
        return options;
    }

    private static TlsCertificate Stranger()
    {
        using var key = System.Security.Cryptography.ECDsa.Create(
            System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(
            "CN=stranger", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        using X509Certificate2 self =
            request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return TlsCertificate.FromCertificate(self);
    }

    // The names go through no builder, which would refuse some of them.
    private static X509Certificate2 Named(params string[] names)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (string name in names)
            {
                using (writer.PushSetOf())
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier("2.5.4.3");
                    writer.WriteCharacterString(UniversalTagNumber.UTF8String, name);
                }
            }
        }

        return Certificates.Sign(
            new X500DistinguishedName(writer.Encode()), [], TimeSpan.FromDays(-1), TimeSpan.FromDays(1));
    }
}
