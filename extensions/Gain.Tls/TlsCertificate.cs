using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gain.Tls.OpenSsl;

namespace Gain.Tls;

/// <summary>
/// A certificate, its private key, and the certificates that signed it. It was read, was valid then, and its
/// key belongs to it: a certificate that cannot be used is an exception here, and never one at a handshake.
/// </summary>
public sealed class TlsCertificate : IDisposable
{
    private readonly NativeCertificate _native;

    private TlsCertificate(string name, byte[] chain, byte[] key, string? password, TimeProvider? clock)
    {
        _native = NativeCertificate.Read(name, chain, key, password);
        try
        {
            using X509Certificate2 leaf = ReadLeaf(name, chain);
            Subject = leaf.Subject;
            NotBefore = leaf.NotBefore.ToUniversalTime();
            NotAfter = leaf.NotAfter.ToUniversalTime();
            CheckValidity(name, (clock ?? TimeProvider.System).GetUtcNow().UtcDateTime);
        }
        catch
        {
            _native.Dispose();
            throw;
        }
    }

    /// <summary>Whom the certificate is for.</summary>
    public string Subject { get; }

    /// <summary>From when on it is valid, in UTC.</summary>
    public DateTime NotBefore { get; }

    /// <summary>Until when it is valid, in UTC.</summary>
    public DateTime NotAfter { get; }

    /// <summary>
    /// The OCSP response that is sent to clients that ask, as DER. Its issuer renews it: set the next one in
    /// time. Empty sends none.
    /// </summary>
    public ReadOnlyMemory<byte> OcspStaple
    {
        get => Volatile.Read(ref _staple);
        set => Volatile.Write(ref _staple, value.ToArray());
    }

    private byte[] _staple = [];

    /// <summary>Reads PEM files, as certbot and others write them.</summary>
    /// <param name="certificatePath">The certificate, then those that signed it: fullchain.pem.</param>
    /// <param name="keyPath">The private key; null when it is in the same file.</param>
    /// <param name="password">What the key is encrypted with; null when it is not.</param>
    /// <exception cref="TlsException">A file cannot be read or used; the message says which and
    /// why.</exception>
    public static TlsCertificate FromPemFile(string certificatePath, string? keyPath =
        null, string? password = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(certificatePath);
        byte[] chain = ReadFile(certificatePath);
        byte[] key = keyPath is null ? chain : ReadFile(keyPath);
        return Create(certificatePath, chain, key, password);
    }

    /// <summary>Reads PEM text.</summary>
    /// <param name="certificate">The certificate, then those that signed it.</param>
    /// <param name="key">The private key.</param>
    /// <param name="password">What the key is encrypted with; null when it is not.</param>
    /// <exception cref="TlsException">The text cannot be used; the message says why.</exception>
    public static TlsCertificate FromPem(string certificate, string key, string? password = null)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(key);
        return Create("from PEM text", Encoding.UTF8.GetBytes(certificate), Encoding.UTF8.GetBytes(key),
            password);
    }

    /// <summary>Reads a PKCS#12 file (.pfx, .p12): the certificate with a key, and the others as its
    /// chain.</summary>
    /// <param name="path">The file.</param>
    /// <param name="password">What it is encrypted with; null when it is not.</param>
    /// <exception cref="TlsException">The file cannot be read or used; the message says why.</exception>
    public static TlsCertificate FromPkcs12File(string path, string? password = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        X509Certificate2Collection all;
        try
        {
            all = X509CertificateLoader.LoadPkcs12Collection(
                ReadFile(path), password,
                    X509KeyStorageFlags.Exportable | X509KeyStorageFlags.EphemeralKeySet);
        }
        catch (CryptographicException fault)
        {
            throw Invalid(path, $"it is no PKCS#12 file, or the password is wrong ({fault.Message})", fault);
        }

        try
        {
            X509Certificate2 leaf = all.FirstOrDefault(certificate => certificate.HasPrivateKey)
                ?? throw Invalid(path, "there is no private key in it");
            return FromCertificate(path, leaf, all.Where(certificate => certificate != leaf));
        }
        finally
        {
            foreach (X509Certificate2 certificate in all)
            {
                certificate.Dispose();
            }
        }
    }

    /// <summary>Takes a certificate of .NET with an exportable key. The caller keeps it.</summary>
    /// <param name="certificate">The certificate and its key.</param>
    /// <param name="chain">The certificates that signed it, its issuer first; null for none.</param>
    /// <exception cref="TlsException">It has no key, or one that cannot be exported.</exception>
    public static TlsCertificate FromCertificate(
        X509Certificate2 certificate, X509Certificate2Collection? chain = null)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return FromCertificate(certificate.Subject, certificate, chain ?? []);
    }

    /// <summary>Frees the key. Contexts that were made with it keep what they need.</summary>
    public void Dispose() => _native.Dispose();

    internal static TlsCertificate Create(
        string name, byte[] chain, byte[] key, string? password, TimeProvider? clock = null) =>
        new(name, chain, key, password, clock);

    internal bool ApplyToContext(nint context)
    {
        ObjectDisposedException.ThrowIf(_native.IsClosed, this);
        return _native.ApplyToContext(context);
    }

    internal bool ApplyToSession(nint ssl)
    {
        ObjectDisposedException.ThrowIf(_native.IsClosed, this);
        return _native.ApplyToSession(ssl);
    }

    private static TlsCertificate FromCertificate(
        string name, X509Certificate2 leaf, IEnumerable<X509Certificate2> chain)
    {
        var text = new StringBuilder(leaf.ExportCertificatePem());
        foreach (X509Certificate2 signer in chain)
        {
            text.Append('\n').Append(signer.ExportCertificatePem());
        }

        byte[] key = ExportKey(name, leaf);
        try
        {
            return Create(name, Encoding.ASCII.GetBytes(text.ToString()), key, password: null);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static byte[] ExportKey(string name, X509Certificate2 certificate)
    {
        try
        {
            using AsymmetricAlgorithm key =
                (AsymmetricAlgorithm?)certificate.GetECDsaPrivateKey() ?? certificate.GetRSAPrivateKey()
                ?? throw Invalid(name, "it has no private key that is ECDSA or RSA");
            return Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem());
        }
        catch (CryptographicException fault)
        {
            throw Invalid(
                name, $"its private key cannot be exported; load it with X509KeyStorageFlags.Exportable "
                    + $"({fault.Message})", fault);
        }
    }

    private static X509Certificate2 ReadLeaf(string name, byte[] chain)
    {
        try
        {
            return X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(chain));
        }
        catch (CryptographicException fault)
        {
            throw Invalid(name, fault.Message, fault);
        }
    }

    private void CheckValidity(string name, DateTime now)
    {
        if (now < NotBefore)
        {
            throw Invalid(name, $"it is valid from {NotBefore:u} on, and now it is {now:u}");
        }

        if (now > NotAfter)
        {
            throw Invalid(name, $"it has expired at {NotAfter:u}, and now it is {now:u}: renew it");
        }
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Invalid(path, fault.Message, fault);
        }
    }

    private static TlsException Invalid(string name, string why, Exception? inner = null) =>
        new(TlsError.CertificateInvalid, $"The certificate {name} cannot be used: {why}.", inner);
}
