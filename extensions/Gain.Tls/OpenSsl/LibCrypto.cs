using System.Runtime.InteropServices;

namespace Gain.Tls.OpenSsl;

/// <summary>The functions of libcrypto, by their own names; openssl.org's manual describes each.</summary>
internal static unsafe partial class LibCrypto
{
    /// <summary>The name that <see cref="OpenSslLibrary"/> resolves.</summary>
    internal const string Name = "libcrypto.so.3";

    // SAFETY of all of them: the pointers belong to OpenSSL or, for the call alone, to the caller; what a
    // function of this list creates is freed by the class that asked for it.
    [LibraryImport(Name)]
    internal static partial byte* OpenSSL_version(int type);

    [LibraryImport(Name)]
    internal static partial nint BIO_meth_new(int type, byte* name);

    [LibraryImport(Name)]
    internal static partial int BIO_meth_set_read(
        nint method, delegate* unmanaged[Cdecl]<nint, byte*, int, int> callback);

    [LibraryImport(Name)]
    internal static partial int BIO_meth_set_write(
        nint method, delegate* unmanaged[Cdecl]<nint, byte*, int, int> callback);

    [LibraryImport(Name)]
    internal static partial int BIO_meth_set_ctrl(
        nint method, delegate* unmanaged[Cdecl]<nint, int, nint, nint, nint> callback);

    [LibraryImport(Name)]
    internal static partial int BIO_get_new_index();

    [LibraryImport(Name)]
    internal static partial nint BIO_new(nint method);

    [LibraryImport(Name)]
    internal static partial int BIO_free(nint bio);

    [LibraryImport(Name)]
    internal static partial nint BIO_new_mem_buf(byte* buffer, int length);

    [LibraryImport(Name)]
    internal static partial nint PEM_read_bio_X509(nint bio, nint* certificate, void* callback,
        void* argument);

    [LibraryImport(Name)]
    internal static partial nint PEM_read_bio_PrivateKey(
        nint bio, nint* key, delegate* unmanaged[Cdecl]<byte*, int, int, byte*, int> callback,
            byte* argument);

    [LibraryImport(Name)]
    internal static partial nint d2i_X509(nint* certificate, byte** from, nint length);

    [LibraryImport(Name)]
    internal static partial int i2d_X509(nint certificate, byte** to);

    [LibraryImport(Name)]
    internal static partial void X509_free(nint certificate);

    [LibraryImport(Name)]
    internal static partial void EVP_PKEY_free(nint key);

    [LibraryImport(Name)]
    internal static partial int X509_check_private_key(nint certificate, nint key);

    [LibraryImport(Name)]
    internal static partial nint OPENSSL_sk_new_null();

    [LibraryImport(Name)]
    internal static partial int OPENSSL_sk_push(nint stack, nint item);

    [LibraryImport(Name)]
    internal static partial int OPENSSL_sk_num(nint stack);

    [LibraryImport(Name)]
    internal static partial nint OPENSSL_sk_value(nint stack, int index);

    [LibraryImport(Name)]
    internal static partial void OPENSSL_sk_free(nint stack);

    [LibraryImport(Name)]
    internal static partial int X509_STORE_add_cert(nint store, nint certificate);

    [LibraryImport(Name)]
    internal static partial int X509_verify_cert(nint verification);

    [LibraryImport(Name)]
    internal static partial nint X509_STORE_CTX_get0_cert(nint verification);

    [LibraryImport(Name)]
    internal static partial int X509_STORE_CTX_get_error(nint verification);

    [LibraryImport(Name)]
    internal static partial void X509_STORE_CTX_set_error(nint verification, int error);

    [LibraryImport(Name)]
    internal static partial byte* X509_verify_cert_error_string(nint error);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int X509_VERIFY_PARAM_set1_ip_asc(nint parameters, string address);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint EVP_CIPHER_fetch(nint library, string algorithm, string? properties);

    [LibraryImport(Name)]
    internal static partial int EVP_EncryptInit_ex(nint context, nint cipher, nint engine, byte* key,
        byte* iv);

    [LibraryImport(Name)]
    internal static partial int EVP_DecryptInit_ex(nint context, nint cipher, nint engine, byte* key,
        byte* iv);

    [LibraryImport(Name)]
    internal static partial int EVP_MAC_CTX_set_params(nint context, OsslParam* parameters);

    [LibraryImport(Name)]
    internal static partial int RAND_bytes(byte* buffer, int count);

    [LibraryImport(Name)]
    internal static partial void* CRYPTO_malloc(nuint bytes, byte* file, int line);

    [LibraryImport(Name)]
    internal static partial void ERR_error_string_n(nuint error, byte* buffer, nuint length);

    // Short, without locks and without a way back into managed code.
    [LibraryImport(Name), SuppressGCTransition]
    internal static partial void ERR_clear_error();

    [LibraryImport(Name), SuppressGCTransition]
    internal static partial nuint ERR_peek_error();

    [LibraryImport(Name), SuppressGCTransition]
    internal static partial nuint ERR_peek_last_error();

    [LibraryImport(Name), SuppressGCTransition]
    internal static partial void BIO_set_data(nint bio, void* data);

    [LibraryImport(Name), SuppressGCTransition]
    internal static partial void* BIO_get_data(nint bio);

    [LibraryImport(Name), SuppressGCTransition]
    internal static partial void BIO_set_init(nint bio, int init);

    [LibraryImport(Name), SuppressGCTransition]
    internal static partial void BIO_set_flags(nint bio, int flags);

    [LibraryImport(Name), SuppressGCTransition]
    internal static partial void BIO_clear_flags(nint bio, int flags);
}
