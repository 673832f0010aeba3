using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gain.Tls.OpenSsl;

namespace Gain.Tls;

/// <summary>
/// What a <see cref="TlsCertificate"/> is until it is read again. It does not change, but for its staple.
/// </summary>
internal sealed class CertificateContent : IDisposable
{
    private readonly NativeCertificate _native;
    private byte[] _staple = [];

    internal CertificateContent(
        string name, byte[] chain, byte[] key, string? password, string fileHash = "",
        TimeProvider? clock = null)
    {
        FileHash = fileHash;
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

    internal string Subject { get; }

    internal DateTime NotBefore { get; }

    internal DateTime NotAfter { get; }

    /// <summary>Of the files as they were when it was read.</summary>
    internal string FileHash { get; }

    internal byte[] OcspStaple
    {
        get => Volatile.Read(ref _staple);
        set => Volatile.Write(ref _staple, value);
    }

    internal bool IsDisposed => _native.IsClosed;

    public void Dispose() => _native.Dispose();

    internal static TlsException Invalid(string name, string why, Exception? inner = null) =>
        new(TlsError.CertificateInvalid, $"The certificate {name} cannot be used: {why}.", inner);

    internal bool ApplyToContext(nint context)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, typeof(TlsCertificate));
        return _native.ApplyToContext(context);
    }

    internal bool ApplyToSession(nint ssl)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, typeof(TlsCertificate));
        return _native.ApplyToSession(ssl);
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
}
