using Gain.Tls.OpenSsl;

namespace Gain.Tls;

/// <summary>The OpenSSL that TLS is done with.</summary>
public static class TlsLibrary
{
    /// <summary>What it calls itself, as in "OpenSSL 3.0.19 27 Jan 2026".</summary>
    /// <exception cref="TlsException">
    /// There is none, or it is too old; the message says what was tried, and the way out.
    /// </exception>
    public static string Version => OpenSslLibrary.Version;
}
