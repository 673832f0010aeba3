using System.Runtime.InteropServices;

namespace Gain.Tls.OpenSsl;

/// <summary>The functions of libssl, by their own names; openssl.org's manual describes each.</summary>
/// <remarks>
/// Whatever may call one of our callbacks (reading, writing, the handshake) is a GC-preemptive call: the
/// callback enters managed code again, which <c>SuppressGCTransition</c> forbids.
/// </remarks>
internal static unsafe partial class LibSsl
{
    /// <summary>The name that <see cref="OpenSslLibrary"/> resolves.</summary>
    internal const string Name = "libssl.so.3";

    // SAFETY of all of them: the pointers belong to OpenSSL or, for the call alone, to the caller. An
    // SSL_CTX is held by an SslContextHandle, an SSL by one TlsSession and used on one thread at a time.
    [LibraryImport(Name)]
    internal static partial nint TLS_server_method();

    [LibraryImport(Name)]
    internal static partial nint TLS_client_method();

    [LibraryImport(Name)]
    internal static partial nint SSL_CTX_new(nint method);

    [LibraryImport(Name)]
    internal static partial void SSL_CTX_free(nint context);

    [LibraryImport(Name)]
    internal static partial nint SSL_CTX_ctrl(nint context, int command, nint number, void* pointer);

    [LibraryImport(Name)]
    internal static partial nint SSL_CTX_callback_ctrl(nint context, int command, void* callback);

    [LibraryImport(Name)]
    internal static partial ulong SSL_CTX_set_options(nint context, ulong options);

    [LibraryImport(Name)]
    internal static partial int SSL_CTX_set_max_early_data(nint context, uint bytes);

    [LibraryImport(Name)]
    internal static partial int SSL_CTX_set_num_tickets(nint context, nuint count);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SSL_CTX_set_cipher_list(nint context, string ciphers);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SSL_CTX_set_ciphersuites(nint context, string suites);

    [LibraryImport(Name)]
    internal static partial int SSL_CTX_use_cert_and_key(
        nint context, nint certificate, nint key, nint chain, int replace);

    [LibraryImport(Name)]
    internal static partial int SSL_use_cert_and_key(
        nint ssl, nint certificate, nint key, nint chain, int replace);

    [LibraryImport(Name)]
    internal static partial void SSL_CTX_set_verify(nint context, int mode, void* callback);

    [LibraryImport(Name)]
    internal static partial void SSL_CTX_set_cert_verify_callback(
        nint context, delegate* unmanaged[Cdecl]<nint, nint, int> callback, nint argument);

    [LibraryImport(Name)]
    internal static partial int SSL_CTX_add_client_CA(nint context, nint certificate);

    [LibraryImport(Name)]
    internal static partial nint SSL_CTX_get_cert_store(nint context);

    [LibraryImport(Name)]
    internal static partial int SSL_CTX_set_default_verify_paths(nint context);

    [LibraryImport(Name)]
    internal static partial int SSL_CTX_set_session_id_context(nint context, byte* id, uint length);

    [LibraryImport(Name)]
    internal static partial void SSL_CTX_set_alpn_select_cb(
        nint context, delegate* unmanaged[Cdecl]<nint, byte**, byte*, byte*, uint, nint, int> callback,
            nint argument);

    [LibraryImport(Name)]
    internal static partial int SSL_CTX_set_alpn_protos(nint context, byte* protocols, uint length);

    [LibraryImport(Name)]
    internal static partial void SSL_CTX_set_client_hello_cb(
        nint context, delegate* unmanaged[Cdecl]<nint, int*, nint, int> callback, nint argument);

    [LibraryImport(Name)]
    internal static partial void SSL_CTX_set_info_callback(
        nint context, delegate* unmanaged[Cdecl]<nint, int, int, void> callback);

    [LibraryImport(Name)]
    internal static partial void SSL_CTX_set_keylog_callback(
        nint context, delegate* unmanaged[Cdecl]<nint, byte*, void> callback);

    [LibraryImport(Name)]
    internal static partial int SSL_CTX_set_tlsext_ticket_key_evp_cb(
        nint context, delegate* unmanaged[Cdecl]<nint, byte*, byte*, nint, nint, int, int> callback);

    [LibraryImport(Name)]
    internal static partial void SSL_CTX_sess_set_new_cb(
        nint context, delegate* unmanaged[Cdecl]<nint, nint, int> callback);

    [LibraryImport(Name)]
    internal static partial nint SSL_new(nint context);

    [LibraryImport(Name)]
    internal static partial void SSL_free(nint ssl);

    [LibraryImport(Name)]
    internal static partial nint SSL_set_SSL_CTX(nint ssl, nint context);

    [LibraryImport(Name)]
    internal static partial void SSL_set_bio(nint ssl, nint read, nint write);

    [LibraryImport(Name)]
    internal static partial void SSL_set_accept_state(nint ssl);

    [LibraryImport(Name)]
    internal static partial void SSL_set_connect_state(nint ssl);

    [LibraryImport(Name)]
    internal static partial int SSL_do_handshake(nint ssl);

    [LibraryImport(Name)]
    internal static partial int SSL_read(nint ssl, byte* buffer, int count);

    [LibraryImport(Name)]
    internal static partial int SSL_write(nint ssl, byte* buffer, int count);

    [LibraryImport(Name)]
    internal static partial int SSL_shutdown(nint ssl);

    [LibraryImport(Name)]
    internal static partial int SSL_key_update(nint ssl, int kind);

    [LibraryImport(Name)]
    internal static partial nint SSL_ctrl(nint ssl, int command, nint number, void* pointer);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SSL_set1_host(nint ssl, string host);

    [LibraryImport(Name)]
    internal static partial void SSL_set_hostflags(nint ssl, uint flags);

    [LibraryImport(Name)]
    internal static partial nint SSL_get0_param(nint ssl);

    [LibraryImport(Name)]
    internal static partial int SSL_client_hello_get0_ext(nint ssl, uint type, byte** content, nuint* length);

    [LibraryImport(Name)]
    internal static partial void SSL_get0_alpn_selected(nint ssl, byte** protocol, uint* length);

    [LibraryImport(Name)]
    internal static partial byte* SSL_get_servername(nint ssl, int type);

    [LibraryImport(Name)]
    internal static partial byte* SSL_get_version(nint ssl);

    [LibraryImport(Name)]
    internal static partial int SSL_version(nint ssl);

    [LibraryImport(Name)]
    internal static partial nint SSL_get_current_cipher(nint ssl);

    [LibraryImport(Name)]
    internal static partial byte* SSL_CIPHER_get_name(nint cipher);

    [LibraryImport(Name)]
    internal static partial nint SSL_get1_peer_certificate(nint ssl);

    [LibraryImport(Name)]
    internal static partial nint SSL_get_verify_result(nint ssl);

    [LibraryImport(Name)]
    internal static partial int SSL_session_reused(nint ssl);

    [LibraryImport(Name)]
    internal static partial nint SSL_get1_session(nint ssl);

    [LibraryImport(Name)]
    internal static partial int SSL_SESSION_is_resumable(nint session);

    [LibraryImport(Name)]
    internal static partial int SSL_SESSION_get_protocol_version(nint session);

    [LibraryImport(Name)]
    internal static partial nuint SSL_SESSION_get_ticket_lifetime_hint(nint session);

    [LibraryImport(Name)]
    internal static partial int SSL_set_session(nint ssl, nint session);

    [LibraryImport(Name)]
    internal static partial void SSL_SESSION_free(nint session);

    // Short, without locks and without a way back into managed code.
    [LibraryImport(Name), SuppressGCTransition]
    internal static partial int SSL_get_error(nint ssl, int result);

    [LibraryImport(Name), SuppressGCTransition]
    internal static partial int SSL_pending(nint ssl);

    [LibraryImport(Name), SuppressGCTransition]
    internal static partial int SSL_get_shutdown(nint ssl);

    [LibraryImport(Name), SuppressGCTransition]
    internal static partial int SSL_get_state(nint ssl);
}
