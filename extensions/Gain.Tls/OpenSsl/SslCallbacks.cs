using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;

namespace Gain.Tls.OpenSsl;

/// <summary>
/// Where OpenSSL asks: each callback finds the session whose call is running on this thread. Whatever the
/// user's code throws ends here, in the session's failure: an exception through OpenSSL's frames would end
/// the process.
/// </summary>
internal static unsafe class SslCallbacks
{
    private static readonly Lock s_keyLog = new();

    /// <summary>The session whose call of OpenSSL runs on this thread.</summary>
    [ThreadStatic]
    internal static TlsSession? Current;

    // SAFETY of all of them: OpenSSL calls them during a call of the session that is current, on its thread,
    // with pointers that are good until they return.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    internal static int ClientHello(nint ssl, int* alert, nint argument)
    {
        *alert = Ssl.SSL_AD_INTERNAL_ERROR;
        if (Current is not { } session)
        {
            return Ssl.SSL_CLIENT_HELLO_ERROR;
        }

        try
        {
            byte* content = null;
            nuint length = 0;
            bool isThere = LibSsl.SSL_client_hello_get0_ext(
                ssl, Ssl.TLSEXT_TYPE_server_name, &content, &length) == 1;
            return session.OnClientHello(
                isThere ? new ReadOnlySpan<byte>(content, (int)length) : default, ref *alert);
        }
        catch (Exception fault)
        {
            session.OnCallbackThrew(fault);
            return Ssl.SSL_CLIENT_HELLO_ERROR;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    internal static int SelectProtocol(
        nint ssl, byte** chosen, byte* chosenLength, byte* offered, uint offeredLength, nint argument)
    {
        if (Current is not { } session)
        {
            return Ssl.SSL_TLSEXT_ERR_ALERT_FATAL;
        }

        ReadOnlySpan<byte> ours = session.Protocols;
        var theirs = new ReadOnlySpan<byte>(offered, (int)offeredLength);
        while (!ours.IsEmpty)
        {
            ReadOnlySpan<byte> entry = ours[..(ours[0] + 1)];
            for (int at = 0; at < theirs.Length && at + 1 + theirs[at] <= theirs.Length; at += 1 + theirs[at])
            {
                if (theirs.Slice(at, theirs[at] + 1).SequenceEqual(entry))
                {
                    *chosen = offered + at + 1;
                    *chosenLength = theirs[at];
                    return Ssl.SSL_TLSEXT_ERR_OK;
                }
            }

            ours = ours[entry.Length..];
        }

        return Ssl.SSL_TLSEXT_ERR_ALERT_FATAL;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    internal static int Verify(nint verification, nint argument)
    {
        int result = LibCrypto.X509_verify_cert(verification);
        if (Current is not { } session || session.CheckPeer is not { } check)
        {
            return result;
        }

        bool isAccepted = false;
        int error = LibCrypto.X509_STORE_CTX_get_error(verification);
        try
        {
            string? fault = result == 1
                ? null
                : Marshal.PtrToStringUTF8((nint)LibCrypto.X509_verify_cert_error_string(error));
            using X509Certificate2 certificate =
                Export(LibCrypto.X509_STORE_CTX_get0_cert(verification));
            isAccepted = check(certificate, fault);
        }
        catch (Exception fault)
        {
            session.OnCallbackThrew(fault);
        }

        if (isAccepted)
        {
            error = Ssl.X509_V_OK;
        }
        else if (error == Ssl.X509_V_OK)
        {
            error = Ssl.X509_V_ERR_APPLICATION_VERIFICATION;
        }

        LibCrypto.X509_STORE_CTX_set_error(verification, error);
        return isAccepted ? 1 : 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    internal static int GiveOcspStaple(nint ssl, nint argument)
    {
        ReadOnlySpan<byte> staple = Current is { } session ? session.OcspStaple : default;
        if (staple.IsEmpty)
        {
            return Ssl.SSL_TLSEXT_ERR_NOACK;
        }

        // OpenSSL frees it with its own function.
        void* copy = LibCrypto.CRYPTO_malloc((nuint)staple.Length, null, 0);
        if (copy == null)
        {
            return Ssl.SSL_TLSEXT_ERR_NOACK;
        }

        staple.CopyTo(new Span<byte>(copy, staple.Length));
        LibSsl.SSL_ctrl(ssl, Ssl.SSL_CTRL_SET_TLSEXT_STATUS_REQ_OCSP_RESP, staple.Length, copy);
        return Ssl.SSL_TLSEXT_ERR_OK;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    internal static void Info(nint ssl, int where, int value)
    {
        if (Current is not { } session)
        {
            return;
        }

        if (where is Ssl.SSL_CB_READ_ALERT or Ssl.SSL_CB_WRITE_ALERT)
        {
            session.OnAlert(isSent: where == Ssl.SSL_CB_WRITE_ALERT, level: value >> 8, number: value & 0xff);
        }
        else if ((where & Ssl.SSL_CB_LOOP) != 0)
        {
            session.OnHandshakeState(LibSsl.SSL_get_state(ssl));
        }
    }

    // SAFETY: a session that is kept takes over the reference that OpenSSL passes; 1 says so.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    internal static int NewSession(nint ssl, nint session) =>
        Current is { } current && current.OnNewSession(session) ? 1 : 0;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    internal static void LogKey(nint ssl, byte* line)
    {
        if (Current is not { KeyLogFile: { } path } session)
        {
            return;
        }

        try
        {
            lock (s_keyLog)
            {
                File.AppendAllText(path, Marshal.PtrToStringUTF8((nint)line) + '\n');
            }
        }
        catch (Exception fault)
        {
            session.OnCallbackThrew(fault);
        }
    }

    /// <summary>A copy of an X509 for .NET.</summary>
    // SAFETY: the certificate is held by the caller; i2d_X509 writes the length that it has told before.
    internal static X509Certificate2 Export(nint certificate)
    {
        int length = LibCrypto.i2d_X509(certificate, null);
        var bytes = new byte[length];
        fixed (byte* start = bytes)
        {
            byte* at = start;
            LibCrypto.i2d_X509(certificate, &at);
        }

        return X509CertificateLoader.LoadCertificate(bytes);
    }
}
