using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gain.Tls.Tests;

/// <summary>An authority of the tests, and what it signs. Each call makes a new key.</summary>
internal static class Certificates
{
    internal static readonly X509Certificate2 Root = MakeRoot();

    internal static X509Certificate2Collection Roots => [Root];

    /// <summary>A certificate for names, or addresses.</summary>
    internal static TlsCertificate For(params string[] names) => TlsCertificate.FromCertificate(Make(names));

    internal static X509Certificate2 Make(params string[] names) =>
        Sign(new X500DistinguishedName($"CN={names[0]}"), names, TimeSpan.FromDays(-1),
            TimeSpan.FromDays(30));

    internal static X509Certificate2 Sign(
        X500DistinguishedName subject, string[] names, TimeSpan from, TimeSpan until, bool isRsa = false)
    {
        using ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using RSA rsa = RSA.Create(2048);
        CertificateRequest request = isRsa
            ? new(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new(subject, ec, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (string name in names)
        {
            if (IPAddress.TryParse(name, out IPAddress? address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }

        if (names.Length != 0)
        {
            request.CertificateExtensions.Add(alternatives.Build());
        }

        DateTimeOffset now = DateTimeOffset.UtcNow;
        using ECDsa rootKey = Root.GetECDsaPrivateKey()!;
        using X509Certificate2 signed = request.Create(
            Root.SubjectName, X509SignatureGenerator.CreateForECDsa(rootKey), now + from, now + until,
            RandomNumberGenerator.GetBytes(8));
        return isRsa ? signed.CopyWithPrivateKey(rsa) : signed.CopyWithPrivateKey(ec);
    }

    internal static string KeyPem(X509Certificate2 certificate)
    {
        using ECDsa key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static X509Certificate2 MakeRoot()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Root of the tests", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-60),
            DateTimeOffset.UtcNow.AddDays(60));
    }
}
