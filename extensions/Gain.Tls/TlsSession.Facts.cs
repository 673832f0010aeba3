using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gain.Tls.OpenSsl;

namespace Gain.Tls;

/// <content>What can be asked of a session, and what a client tells it at the start.</content>
internal sealed unsafe partial class TlsSession
{
    /// <summary>The version in OpenSSL's words, as in "TLSv1.3".</summary>
    internal string Version
    {
        get
        {
            ThrowIfEnded();
            return Marshal.PtrToStringUTF8((nint)LibSsl.SSL_get_version(_ssl))!;
        }
    }

    /// <summary>The cipher's name in OpenSSL's words; null before there is one.</summary>
    internal string? Cipher
    {
        get
        {
            ThrowIfEnded();
            nint cipher = LibSsl.SSL_get_current_cipher(_ssl);
            return cipher == 0 ? null : Marshal.PtrToStringUTF8((nint)LibSsl.SSL_CIPHER_get_name(cipher));
        }
    }

    /// <summary>The application protocol (ALPN) as it goes over the wire; empty for none. Good until the
    /// end.</summary>
    // SAFETY: the bytes are the SSL's, which End frees.
    internal ReadOnlySpan<byte> ApplicationProtocol
    {
        get
        {
            ThrowIfEnded();
            byte* protocol = null;
            uint length = 0;
            LibSsl.SSL_get0_alpn_selected(_ssl, &protocol, &length);
            return new ReadOnlySpan<byte>(protocol, (int)length);
        }
    }

    /// <summary>The name that the client asked for, as it wrote it; null for none.</summary>
    internal string? RequestedName
    {
        get
        {
            ThrowIfEnded();
            return Marshal.PtrToStringUTF8((nint)LibSsl.SSL_get_servername(_ssl, 0));
        }
    }

    /// <summary>Whether the handshake resumed an earlier session.</summary>
    internal bool IsResumed => _ssl != 0 && LibSsl.SSL_session_reused(_ssl) == 1;

    /// <summary>The OCSP response that the server has sent to a client; empty for none. Good until the
    /// end.</summary>
    // SAFETY: the bytes are the SSL's, which End frees.
    internal ReadOnlySpan<byte> ReceivedOcspStaple
    {
        get
        {
            ThrowIfEnded();
            byte* response = null;
            nint length = LibSsl.SSL_ctrl(_ssl, Ssl.SSL_CTRL_GET_TLSEXT_STATUS_REQ_OCSP_RESP, 0, &response);
            return response == null || length <= 0 ? default : new ReadOnlySpan<byte>(response, (int)length);
        }
    }

    /// <summary>The peer's certificate, which the caller disposes of; null when it has shown none.</summary>
    /// <remarks>After a resumption it is that of the session that was resumed.</remarks>
    // SAFETY: get1 gives a reference, which is freed here.
    internal X509Certificate2? GetPeerCertificate()
    {
        ThrowIfEnded();
        nint certificate = LibSsl.SSL_get1_peer_certificate(_ssl);
        if (certificate == 0)
        {
            return null;
        }

        try
        {
            return SslCallbacks.Export(certificate);
        }
        finally
        {
            LibCrypto.X509_free(certificate);
        }
    }

    /// <summary>A client's: what resumes the session; null when the server has sent no ticket yet.</summary>
    internal TlsResumption? GetResumption()
    {
        ThrowIfEnded();
        var resumption = new TlsResumption(LibSsl.SSL_get1_session(_ssl));
        if (!resumption.IsInvalid && LibSsl.SSL_SESSION_is_resumable(resumption.DangerousGetHandle()) == 1)
        {
            return resumption;
        }

        resumption.Dispose();
        return null;
    }

    private void StartClient(string? host, TlsResumption? resumption)
    {
        LibSsl.SSL_set_connect_state(_ssl);
        bool isKnown = string.IsNullOrEmpty(host) ? !_context!.ChecksHostName : SetHost(host);
        if (!isKnown || (resumption is not null && !resumption.ApplyTo(_ssl)))
        {
            End();
            throw new TlsException(
                TlsError.OptionInvalid,
                $"A TLS client needs the name or address that the server's certificate is for, "
                + $"and \"{host}\" is none: set {nameof(TlsClientOptions)}."
                + $"{nameof(TlsClientOptions.TargetHost)}.");
        }

        if (_target.Host is not null && resumption is null)
        {
            // Where none can be offered, the handshake is one in full.
            _context!.Resumptions?.TryOffer(_target, _ssl, Environment.TickCount64);
        }

        if (_context!.RequestsOcspStaple)
        {
            LibSsl.SSL_ctrl(_ssl, Ssl.SSL_CTRL_SET_TLSEXT_STATUS_REQ_TYPE, Ssl.TLSEXT_STATUSTYPE_ocsp, null);
        }
    }

    // An IP address is compared with the certificate's addresses, and is not sent as a name (RFC 6066,
    // section 3). SAFETY: OpenSSL copies the text, which ends with a zero.
    private bool SetHost(string host)
    {
        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            return !_context!.ChecksHostName
                || LibCrypto.X509_VERIFY_PARAM_set1_ip_asc(
                    LibSsl.SSL_get0_param(_ssl), address.ToString()) == 1;
        }

        byte[] text = Encoding.UTF8.GetBytes(host);
        Span<char> room = stackalloc char[ServerName.MaxLength];
        if (!ServerName.TryNormalize(text, room, out int length) || length == 0)
        {
            return false;
        }

        string name = room[..length].ToString();
        LibSsl.SSL_set_hostflags(_ssl, Ssl.X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        fixed (byte* start = Encoding.ASCII.GetBytes(name + '\0'))
        {
            return (!_context!.ChecksHostName || LibSsl.SSL_set1_host(_ssl, name) == 1)
                && LibSsl.SSL_ctrl(_ssl, Ssl.SSL_CTRL_SET_TLSEXT_HOSTNAME, 0, start) == 1;
        }
    }
}
