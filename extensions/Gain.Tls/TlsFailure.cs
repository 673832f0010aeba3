using System.Globalization;
using System.Runtime.InteropServices;
using Gain.Tls.OpenSsl;

namespace Gain.Tls;

/// <summary>Why a session has failed, and what the two ends have told each other of it.</summary>
/// <param name="Kind">Why.</param>
/// <param name="AlertSent">The number of the alert that was sent (RFC 8446, section 6); -1 for none.</param>
/// <param name="AlertReceived">The number of the alert that was received; -1 for none.</param>
/// <param name="Code">OpenSSL's error; 0 for none.</param>
/// <param name="Verification">OpenSSL's verdict on the peer's certificate; 0 when it was accepted.</param>
/// <param name="Exception">What a callback has thrown.</param>
internal readonly record struct TlsFailure(
    TlsFailureKind Kind, int AlertSent, int AlertReceived, nuint Code, int Verification, Exception? Exception)
{
    /// <summary>A sentence for the log; it allocates.</summary>
    // SAFETY: OpenSSL's texts are constants of the library.
    internal unsafe string Describe()
    {
        string text = Kind.ToString();
        if (Verification != Ssl.X509_V_OK)
        {
            text += ", "
                + Marshal.PtrToStringUTF8((nint)LibCrypto.X509_verify_cert_error_string(Verification));
        }

        if (AlertReceived >= 0)
        {
            text += string.Create(CultureInfo.InvariantCulture, $", alert {AlertReceived} received");
        }

        if (AlertSent >= 0)
        {
            text += string.Create(CultureInfo.InvariantCulture, $", alert {AlertSent} sent");
        }

        return Code == 0 ? text : $"{text}, {OpenSslErrors.Describe(Code)}";
    }
}
