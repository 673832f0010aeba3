using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gain.Tests.Package;

/// <summary>A certificate for localhost that nobody has signed.</summary>
internal static class ServerCertificate
{
    /// <summary>Writes <c>cert.pem</c> and <c>key.pem</c>.</summary>
    public static async Task WriteAsync(string folder)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await File.WriteAllTextAsync(Path.Combine(folder, "cert.pem"), made.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
    }
}
