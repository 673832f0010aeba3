using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Gain.Tls.OpenSsl;

/// <summary>A certificate, its key and the rest of its chain, read by OpenSSL from PEM text.</summary>
internal sealed unsafe class NativeCertificate : SafeHandle
{
    private nint _key;
    private nint _chain;

    private NativeCertificate()
        : base(0, ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Reads both, and makes sure that they belong together.</summary>
    /// <param name="name">What the certificate is called in errors.</param>
    /// <param name="chain">The certificate, then those that signed it, as PEM.</param>
    /// <param name="key">The private key as PEM.</param>
    /// <param name="password">What the key is encrypted with.</param>
    internal static NativeCertificate Read(
        string name, ReadOnlySpan<byte> chain, ReadOnlySpan<byte> key, string? password)
    {
        OpenSslLibrary.EnsureLoaded();
        LibCrypto.ERR_clear_error();
        var certificate = new NativeCertificate();
        try
        {
            certificate.ReadChain(name, chain);
            certificate.ReadKey(name, key, password);
            if (LibCrypto.X509_check_private_key(certificate.handle, certificate._key) != 1)
            {
                throw Invalid(name, "the private key does not belong to the certificate");
            }

            return certificate;
        }
        catch
        {
            certificate.Dispose();
            throw;
        }
        finally
        {
            LibCrypto.ERR_clear_error();
        }
    }

    /// <summary>Makes it the certificate of a context.</summary>
    internal bool ApplyToContext(nint context)
    {
        bool isTaken = LibSsl.SSL_CTX_use_cert_and_key(context, handle, _key, _chain, 1) == 1;

        // A certificate that was read anew leaves this one to its finalizer.
        GC.KeepAlive(this);
        return isTaken;
    }

    /// <summary>Makes it the certificate of one session, whose handshake chose it.</summary>
    internal bool ApplyToSession(nint ssl)
    {
        bool isTaken = LibSsl.SSL_use_cert_and_key(ssl, handle, _key, _chain, 1) == 1;
        GC.KeepAlive(this);
        return isTaken;
    }

    /// <inheritdoc/>
    // SAFETY: SafeHandle calls it once; contexts and sessions have references of their own.
    protected override bool ReleaseHandle()
    {
        if (_chain != 0)
        {
            for (int i = LibCrypto.OPENSSL_sk_num(_chain) - 1; i >= 0; i--)
            {
                LibCrypto.X509_free(LibCrypto.OPENSSL_sk_value(_chain, i));
            }

            LibCrypto.OPENSSL_sk_free(_chain);
        }

        if (_key != 0)
        {
            LibCrypto.EVP_PKEY_free(_key);
        }

        LibCrypto.X509_free(handle);
        return true;
    }

    // SAFETY: the text is pinned while the BIO reads it. A stack takes no reference: each certificate on it
    // is ours.
    private void ReadChain(string name, ReadOnlySpan<byte> text)
    {
        fixed (byte* start = text)
        {
            nint bio = LibCrypto.BIO_new_mem_buf(start, text.Length);
            try
            {
                SetHandle(LibCrypto.PEM_read_bio_X509(bio, null, null, null));
                if (handle == 0)
                {
                    throw Invalid(name, $"there is no certificate in the PEM text ({OpenSslErrors.Take()})");
                }

                _chain = LibCrypto.OPENSSL_sk_new_null();
                nint next;
                while ((next = LibCrypto.PEM_read_bio_X509(bio, null, null, null)) != 0)
                {
                    LibCrypto.OPENSSL_sk_push(_chain, next);
                }
            }
            finally
            {
                LibCrypto.BIO_free(bio);
            }
        }
    }

    // SAFETY: text and password are pinned for the call.
    private void ReadKey(string name, ReadOnlySpan<byte> text, string? password)
    {
        byte[] secret = Encoding.UTF8.GetBytes((password ?? "") + '\0');
        fixed (byte* start = text)
        fixed (byte* secretStart = secret)
        {
            nint bio = LibCrypto.BIO_new_mem_buf(start, text.Length);
            _key = LibCrypto.PEM_read_bio_PrivateKey(bio, null, &GivePassword, secretStart);
            LibCrypto.BIO_free(bio);
        }

        CryptographicOperations.ZeroMemory(secret);
        if (_key == 0)
        {
            string hint = password is null ? "is it there, and is it encrypted?" : "is the password right?";
            throw Invalid(name, $"the private key cannot be read, {hint} ({OpenSslErrors.Take()})");
        }
    }

    private static TlsException Invalid(string name, string why) =>
        new(TlsError.CertificateInvalid, $"The certificate {name} cannot be used: {why}.");

    // Without a callback OpenSSL would ask at the terminal.
    // SAFETY: `argument` is the password above with a zero behind it; `buffer` has room for `size` bytes.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GivePassword(byte* buffer, int size, int isForWriting, byte* argument)
    {
        ReadOnlySpan<byte> secret = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(argument);
        if (secret.Length > size)
        {
            return -1;
        }

        secret.CopyTo(new Span<byte>(buffer, size));
        return secret.Length;
    }
}
