using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Gain.Tls;

/// <summary>
/// A certificate, its private key, and the certificates that signed it. It was read, was valid then, and its
/// key belongs to it: a certificate that cannot be used is an exception here, and never one at a handshake.
/// </summary>
public sealed class TlsCertificate : IDisposable
{
    private readonly Func<CertificateContent> _read;
    private CertificateContent _content;

    private TlsCertificate(Func<CertificateContent> read, params string[] files)
    {
        _read = read;
        _content = read();
        Files = files;
    }

    /// <summary>Whom the certificate is for.</summary>
    public string Subject => Content.Subject;

    /// <summary>From when on it is valid, in UTC.</summary>
    public DateTime NotBefore => Content.NotBefore;

    /// <summary>Until when it is valid, in UTC.</summary>
    public DateTime NotAfter => Content.NotAfter;

    /// <summary>
    /// The OCSP response that is sent to clients that ask, as DER. Its issuer renews it: set the next one in
    /// time. Empty sends none, as after a <see cref="Reload"/>: it was for the certificate before.
    /// </summary>
    public ReadOnlyMemory<byte> OcspStaple
    {
        get => Content.OcspStaple;
        set => Content.OcspStaple = value.ToArray();
    }

    /// <summary>What it is now. Contexts and sessions hold the one that they were made with.</summary>
    internal CertificateContent Content => Volatile.Read(ref _content);

    /// <summary>The files that it was read from; none where it came from elsewhere.</summary>
    internal IReadOnlyList<string> Files { get; }

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
        string[] files = keyPath is null ? [certificatePath] : [certificatePath, keyPath];
        return new(
            () =>
            {
                byte[][] bytes = Array.ConvertAll(files, ReadFile);
                return new(certificatePath, bytes[0], bytes[^1], password, CertificateFiles.HashOf(bytes));
            },
            files);
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
        return new(() => ReadPkcs12(path, password), path);
    }

    /// <summary>Takes a certificate of .NET with an exportable key. The caller keeps it.</summary>
    /// <param name="certificate">The certificate and its key.</param>
    /// <param name="chain">The certificates that signed it, its issuer first; null for none.</param>
    /// <exception cref="TlsException">It has no key, or one that cannot be exported.</exception>
    public static TlsCertificate FromCertificate(
        X509Certificate2 certificate, X509Certificate2Collection? chain = null)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        CertificateContent content = Convert(certificate.Subject, certificate, chain ?? [], "");
        return new(() => content);
    }

    /// <summary>
    /// Reads the files that it came from again. Servers take it with <see cref="TlsServerOptions.Apply"/>,
    /// for new connections. Where it did not come from files, nothing happens.
    /// </summary>
    /// <exception cref="TlsException">
    /// They cannot be read or used; the message says which and why, and everything stays as it was.
    /// </exception>
    public void Reload()
    {
        ObjectDisposedException.ThrowIf(Content.IsDisposed, this);

        // What was there may be in use by a handshake of another thread: its finalizer frees it.
        Volatile.Write(ref _content, _read());
    }

    /// <summary>Frees the key. Contexts that were made with it keep what they need.</summary>
    public void Dispose() => Content.Dispose();

    internal static TlsCertificate Create(
        string name, byte[] chain, byte[] key, string? password, TimeProvider? clock = null)
    {
        var content = new CertificateContent(name, chain, key, password, clock: clock);
        return new(() => content);
    }

    private static CertificateContent ReadPkcs12(string path, string? password)
    {
        byte[] bytes = ReadFile(path);
        X509Certificate2Collection all;
        try
        {
            all = X509CertificateLoader.LoadPkcs12Collection(
                bytes, password, X509KeyStorageFlags.Exportable | X509KeyStorageFlags.EphemeralKeySet);
        }
        catch (CryptographicException fault)
        {
            throw Invalid(path, $"it is no PKCS#12 file, or the password is wrong ({fault.Message})", fault);
        }

        try
        {
            X509Certificate2 leaf = all.FirstOrDefault(certificate => certificate.HasPrivateKey)
                ?? throw Invalid(path, "there is no private key in it");
            return Convert(
                path, leaf, all.Where(certificate => certificate != leaf), CertificateFiles.HashOf(bytes));
        }
        finally
        {
            foreach (X509Certificate2 certificate in all)
            {
                certificate.Dispose();
            }
        }
    }

    private static CertificateContent Convert(
        string name, X509Certificate2 leaf, IEnumerable<X509Certificate2> chain, string fileHash)
    {
        var text = new StringBuilder(leaf.ExportCertificatePem());
        foreach (X509Certificate2 signer in chain)
        {
            text.Append('\n').Append(signer.ExportCertificatePem());
        }

        byte[] key = ExportKey(name, leaf);
        try
        {
            return new(name, Encoding.ASCII.GetBytes(text.ToString()), key, password: null, fileHash);
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
        CertificateContent.Invalid(name, why, inner);
}
