using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gain.Tls.OpenSsl;

/// <summary>Makes an SSL_CTX from options.</summary>
internal static unsafe class SslSettings
{
    /// <summary>A context for servers or clients, after the type of the options.</summary>
    /// <exception cref="TlsException">An option cannot be used; the message names it.</exception>
    internal static SslContextHandle Create(
        TlsOptions options, CertificateContent? certificate, byte[] protocols)
    {
        bool isServer = options is TlsServerOptions;
        LibCrypto.ERR_clear_error();
        var context = new SslContextHandle(
            LibSsl.SSL_CTX_new(isServer ? LibSsl.TLS_server_method() : LibSsl.TLS_client_method()));
        try
        {
            nint pointer = context.Pointer;
            ApplyCommon(pointer, options);
            SetRoots(pointer, options);
            if (certificate is not null && !certificate.ApplyToContext(pointer))
            {
                throw new TlsException(
                    TlsError.CertificateInvalid,
                    $"The certificate of {certificate.Subject} cannot be used: {OpenSslErrors.Take()}.");
            }

            if (options is TlsServerOptions server)
            {
                ApplyServer(pointer, server, protocols);
            }
            else
            {
                ApplyClient(pointer, (TlsClientOptions)options, protocols);
            }

            return context;
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    // Early data can be replayed, compression leaks secrets, renegotiation is work at the peer's command.
    private static void ApplyCommon(nint context, TlsOptions options)
    {
        // None would be any version to OpenSSL, old ones included.
        if (options.MinimumVersion > options.MaximumVersion || options.MinimumVersion == TlsVersion.None
            || !Enum.IsDefined(options.MinimumVersion) || !Enum.IsDefined(options.MaximumVersion))
        {
            throw Invalid(
                nameof(options.MinimumVersion), $"{options.MinimumVersion} to {options.MaximumVersion}",
                "choose Tls12 or Tls13 for both, the minimum not above the maximum");
        }

        Control(context, Ssl.SSL_CTRL_SET_MIN_PROTO_VERSION, (int)options.MinimumVersion);
        Control(context, Ssl.SSL_CTRL_SET_MAX_PROTO_VERSION, (int)options.MaximumVersion);
        LibSsl.SSL_CTX_set_options(context, Ssl.SSL_OP_NO_RENEGOTIATION | Ssl.SSL_OP_NO_COMPRESSION);
        LibSsl.SSL_CTX_set_max_early_data(context, 0);
        LibSsl.SSL_CTX_ctrl(context, Ssl.SSL_CTRL_MODE, Ssl.SSL_MODE_RELEASE_BUFFERS, null);
        LibSsl.SSL_CTX_ctrl(context, Ssl.SSL_CTRL_SET_SESS_CACHE_MODE, Ssl.SSL_SESS_CACHE_OFF, null);
        LibSsl.SSL_CTX_set_info_callback(context, &SslCallbacks.Info);
        if (LibSsl.SSL_CTX_set_cipher_list(context, options.Ciphers) != 1)
        {
            throw Invalid(nameof(options.Ciphers), options.Ciphers,
                "openssl ciphers -tls1_2 lists what there is");
        }

        if (options.CipherSuites is { } suites && LibSsl.SSL_CTX_set_ciphersuites(context, suites) != 1)
        {
            throw Invalid(nameof(options.CipherSuites), suites,
                "openssl ciphers -tls1_3 lists what there is");
        }

        if (options.Groups is { } groups && !SetGroups(context, groups))
        {
            throw Invalid(nameof(options.Groups), groups, "X25519, P-256, P-384 and others are known");
        }

        if (options.KeyLogFile is not null)
        {
            LibSsl.SSL_CTX_set_keylog_callback(context, &SslCallbacks.LogKey);
        }
    }

    private static void ApplyServer(nint context, TlsServerOptions options, byte[] protocols)
    {
        LibSsl.SSL_CTX_set_options(context,
            Ssl.SSL_OP_CIPHER_SERVER_PREFERENCE | Ssl.SSL_OP_PRIORITIZE_CHACHA);
        LibSsl.SSL_CTX_set_client_hello_cb(context, &SslCallbacks.ClientHello, 0);
        LibSsl.SSL_CTX_callback_ctrl(
            context, Ssl.SSL_CTRL_SET_TLSEXT_STATUS_REQ_CB,
            (delegate* unmanaged[Cdecl]<nint, nint, int>)&SslCallbacks.GiveOcspStaple);
        if (protocols.Length != 0)
        {
            LibSsl.SSL_CTX_set_alpn_select_cb(context, &SslCallbacks.SelectProtocol, 0);
        }

        if (options.TicketKeys is null)
        {
            LibSsl.SSL_CTX_set_options(context, Ssl.SSL_OP_NO_TICKET);
            LibSsl.SSL_CTX_set_num_tickets(context, 0);
        }
        else
        {
            LibSsl.SSL_CTX_set_tlsext_ticket_key_evp_cb(context, &TicketCipher.Handle);
        }

        SetVerification(context, options, options.ClientCertificates switch
        {
            TlsClientCertificates.None => Ssl.SSL_VERIFY_NONE,
            TlsClientCertificates.Optional => Ssl.SSL_VERIFY_PEER,
            TlsClientCertificates.Required => Ssl.SSL_VERIFY_PEER | Ssl.SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
            _ => throw Invalid(
                nameof(options.ClientCertificates), $"{options.ClientCertificates}",
                    "it is None, Optional or Required"),
        });
        SetSessionScope(context, options);
    }

    // SAFETY: OpenSSL copies the list.
    private static void ApplyClient(nint context, TlsClientOptions options, byte[] protocols)
    {
        if (options.ResumesSessions)
        {
            // What is kept, and for whom, is decided in ResumptionCache: OpenSSL keeps nothing itself.
            const int Mode = Ssl.SSL_SESS_CACHE_CLIENT | Ssl.SSL_SESS_CACHE_NO_INTERNAL;
            LibSsl.SSL_CTX_ctrl(context, Ssl.SSL_CTRL_SET_SESS_CACHE_MODE, Mode, null);
            LibSsl.SSL_CTX_sess_set_new_cb(context, &SslCallbacks.NewSession);
        }

        LibSsl.SSL_CTX_set_verify(context, Ssl.SSL_VERIFY_PEER, null);
        LibSsl.SSL_CTX_set_cert_verify_callback(context, &SslCallbacks.Verify, 0);
        fixed (byte* list = protocols)
        {
            // Unlike the others, this one returns 0 when it has worked.
            if (protocols.Length != 0
                && LibSsl.SSL_CTX_set_alpn_protos(context, list, (uint)protocols.Length) != 0)
            {
                throw Failed("the application protocols");
            }
        }
    }

    private static void SetVerification(nint context, TlsServerOptions options, int mode)
    {
        if (mode == Ssl.SSL_VERIFY_NONE)
        {
            return;
        }

        if (options.TrustedRoots is not { Count: > 0 } && options.CheckPeer is null)
        {
            throw Invalid(
                nameof(options.ClientCertificates), $"{options.ClientCertificates}",
                $"name the certificates that the clients' must lead to in {nameof(options.TrustedRoots)}");
        }

        LibSsl.SSL_CTX_set_verify(context, mode, null);
        LibSsl.SSL_CTX_set_cert_verify_callback(context, &SslCallbacks.Verify, 0);
    }

    // SAFETY: the DER text is pinned while it is read; the store and the list take references of their own.
    private static void SetRoots(nint context, TlsOptions options)
    {
        if (options.TrustedRoots is not { } roots)
        {
            if (options is TlsClientOptions && LibSsl.SSL_CTX_set_default_verify_paths(context) != 1)
            {
                throw Failed("the system's trusted certificates");
            }

            return;
        }

        nint store = LibSsl.SSL_CTX_get_cert_store(context);
        foreach (X509Certificate2 root in roots)
        {
            fixed (byte* start = root.RawData)
            {
                byte* at = start;
                nint certificate = LibCrypto.d2i_X509(null, &at, root.RawData.Length);
                bool isAdded = certificate != 0 && LibCrypto.X509_STORE_add_cert(store, certificate) == 1
                    && (options is TlsClientOptions
                        || LibSsl.SSL_CTX_add_client_CA(context, certificate) == 1);
                LibCrypto.X509_free(certificate);
                if (!isAdded)
                {
                    throw Failed($"the root {root.Subject}");
                }
            }
        }
    }

    // A ticket is worth nothing where other rules for clients hold: otherwise one that was given to a client
    // without a certificate would let it in where one is required.
    // SAFETY: OpenSSL copies the bytes.
    private static void SetSessionScope(nint context, TlsServerOptions options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([(byte)options.ClientCertificates]);
        if (options.ClientCertificates != TlsClientCertificates.None)
        {
            foreach (X509Certificate2 root in options.TrustedRoots ?? [])
            {
                hash.AppendData(SHA256.HashData(root.RawData));
            }
        }

        byte[] scope = hash.GetHashAndReset();
        fixed (byte* start = scope)
        {
            if (LibSsl.SSL_CTX_set_session_id_context(context, start, (uint)scope.Length) != 1)
            {
                throw Failed("the scope of sessions");
            }
        }
    }

    // SAFETY: OpenSSL reads the text, which ends with a zero, during the call.
    private static bool SetGroups(nint context, string groups)
    {
        fixed (byte* text = System.Text.Encoding.UTF8.GetBytes(groups + '\0'))
        {
            return LibSsl.SSL_CTX_ctrl(context, Ssl.SSL_CTRL_SET_GROUPS_LIST, 0, text) == 1;
        }
    }

    private static void Control(nint context, int command, int number)
    {
        if (LibSsl.SSL_CTX_ctrl(context, command, number, null) != 1)
        {
            throw Failed($"the control {command} with {number}");
        }
    }

    private static TlsException Failed(string what) =>
        new(TlsError.OpenSslFailed, $"OpenSSL does not take {what}: {OpenSslErrors.Take()}.");

    private static TlsException Invalid(string option, string value, string wayOut) => new(
        TlsError.OptionInvalid, $"{option} cannot be \"{value}\": {wayOut} ({OpenSslErrors.Take()}).");
}
