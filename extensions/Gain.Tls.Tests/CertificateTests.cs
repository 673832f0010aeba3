using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Gain.Tls.Tests;

/// <summary>Certificates from everywhere, and those that are refused.</summary>
public class CertificateTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("gain-tls").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_certificate_is_read_from_PEM_files_together_or_apart()
    {
        using X509Certificate2 made = Certificates.Make(Pair.Host);
        string chain =
            Write("chain.pem", made.ExportCertificatePem() + "\n" + Certificates.Root.ExportCertificatePem());
        string key = Write("key.pem", Certificates.KeyPem(made));
        string both = Write("both.pem", File.ReadAllText(key) + "\n" + File.ReadAllText(chain));
        AssertServes(TlsCertificate.FromPemFile(chain, key));
        AssertServes(TlsCertificate.FromPemFile(both));
    }

    [Test]
    public void A_key_that_is_encrypted_needs_its_password()
    {
        using X509Certificate2 made = Certificates.Make(Pair.Host);
        using ECDsa key = made.GetECDsaPrivateKey()!;
        string pem = key.ExportEncryptedPkcs8PrivateKeyPem(
            "secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        AssertServes(TlsCertificate.FromPem(made.ExportCertificatePem(), pem, "secret"));
        AssertRefused(() => TlsCertificate.FromPem(made.ExportCertificatePem(), pem), "encrypted");
        AssertRefused(() => TlsCertificate.FromPem(made.ExportCertificatePem(), pem, "wrong"), "password");
    }

    [Test]
    public void A_certificate_is_read_from_PKCS12_with_its_chain([Values("secret", null)] string? password)
    {
        using X509Certificate2 made = Certificates.Make(Pair.Host);
        string path = Path.Combine(_folder, "all.p12");
        using X509Certificate2 root = X509CertificateLoader.LoadCertificate(Certificates.Root.RawData);
        File.WriteAllBytes(path,
            new X509Certificate2Collection { root, made }.Export(X509ContentType.Pkcs12, password)!);
        AssertServes(TlsCertificate.FromPkcs12File(path, password));
        AssertRefused(() => TlsCertificate.FromPkcs12File(path, "wrong"), path);
    }

    [Test]
    public void A_certificate_with_an_RSA_key_serves()
    {
        using X509Certificate2 made = Certificates.Sign(
            new X500DistinguishedName("CN=rsa"), [Pair.Host], TimeSpan.FromDays(-1), TimeSpan.FromDays(1),
                isRsa: true);
        AssertServes(TlsCertificate.FromCertificate(made));
    }

    [Test]
    public void The_whole_chain_is_sent()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Between", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 between = request.Create(
            Certificates.Root, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), [1, 2, 3])
            .CopyWithPrivateKey(key);
        using ECDsa leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var leafRequest = new CertificateRequest("CN=Leaf", leafKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Pair.Host);
        leafRequest.CertificateExtensions.Add(names.Build());
        using X509Certificate2 leaf = leafRequest.Create(
            between, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), [4, 5, 6])
            .CopyWithPrivateKey(leafKey);
        AssertServes(TlsCertificate.FromCertificate(leaf, [between]));
        using var cut = new Pair(new TlsServerOptions { Certificate = TlsCertificate.FromCertificate(leaf) });
        cut.Pump();
        Assert.That(cut.Client.Session.Failure.Kind, Is.EqualTo(TlsFailureKind.Certificate));
    }

    [Test]
    public void A_key_of_another_certificate_is_refused()
    {
        using X509Certificate2 made = Certificates.Make(Pair.Host);
        using X509Certificate2 other = Certificates.Make(Pair.Host);
        AssertRefused(
            () => TlsCertificate.FromPem(made.ExportCertificatePem(), Certificates.KeyPem(other)),
                "does not belong");
    }

    [TestCase(-10, -1, "expired")]
    [TestCase(1, 10, "valid from")]
    public void A_certificate_that_is_not_valid_now_is_refused(int from, int until, string named)
    {
        using X509Certificate2 made = Certificates.Sign(
            new X500DistinguishedName("CN=late"), [Pair.Host], TimeSpan.FromDays(from),
                TimeSpan.FromDays(until));
        AssertRefused(() => TlsCertificate.FromCertificate(made), named);
    }

    [Test]
    public void A_file_that_is_missing_or_empty_is_named()
    {
        string missing = Path.Combine(_folder, "missing.pem");
        AssertRefused(() => TlsCertificate.FromPemFile(missing), missing);
        AssertRefused(() => TlsCertificate.FromPkcs12File(missing), missing);
        string empty = Write("empty.pem", "");
        AssertRefused(() => TlsCertificate.FromPemFile(empty), empty);
        AssertRefused(() => TlsCertificate.FromPkcs12File(empty), empty);
    }

    [Test]
    public void A_certificate_without_a_key_is_refused()
    {
        using X509Certificate2 made = Certificates.Make(Pair.Host);
        using X509Certificate2 bare = X509CertificateLoader.LoadCertificate(made.RawData);
        AssertRefused(() => TlsCertificate.FromCertificate(bare), "no private key");
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text, Encoding.ASCII);
        return path;
    }

    private static void AssertServes(TlsCertificate certificate)
    {
        using Pair pair = new Pair(new TlsServerOptions { Certificate = certificate }).Connect();
        certificate.Dispose();
    }

    private static void AssertRefused(TestDelegate code, string named)
    {
        TlsException fault = Assert.Throws<TlsException>(code)!;
        Assert.That(fault.ErrorCode, Is.EqualTo(TlsError.CertificateInvalid));
        Assert.That(fault.Message, Does.Contain(named));
    }
}
