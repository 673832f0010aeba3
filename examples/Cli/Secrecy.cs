using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gain.Tls;

namespace Gain.Cli;

/// <summary>What --tls, --cert and --key ask for.</summary>
internal sealed record Secrecy(string? CertificatePath, string? KeyPath, string Host)
{
    // A certificate that is renewed is in use a few seconds later.
    private static readonly TimeSpan s_reloadInterval = TimeSpan.FromSeconds(10);

    /// <summary>Whether the certificate is made at the start, and no client trusts it.</summary>
    public bool IsSelfSigned => CertificatePath is null;

    /// <summary>Reads the certificate, or makes one for trying.</summary>
    /// <exception cref="TlsException">It cannot be read or used, or OpenSSL is missing.</exception>
    public TlsServerOptions Options(string handler)
    {
        var options = new TlsServerOptions
        {
            Certificate = CertificatePath is null
                ? SelfSigned()
                : TlsCertificate.FromPemFile(CertificatePath, KeyPath),
            ReloadInterval = s_reloadInterval,
        };
        if (handler == "http")
        {
            options.ApplicationProtocols.Add("http/1.1");
        }

        return options;
    }

    private TlsCertificate SelfSigned()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=gain for trying", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        if (IPAddress.TryParse(Host.Trim('[', ']'), out IPAddress? address))
        {
            names.AddIpAddress(address);
        }
        else if (Host is not ("*" or "localhost"))
        {
            names.AddDnsName(Host);
        }

        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        return TlsCertificate.FromCertificate(certificate);
    }
}
