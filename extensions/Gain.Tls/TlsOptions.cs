using System.Security.Cryptography.X509Certificates;

namespace Gain.Tls;

/// <summary>What servers and clients set alike. It is read when a context is made.</summary>
public abstract class TlsOptions
{
    private protected TlsOptions()
    {
    }

    /// <summary>The oldest version that is spoken; <see cref="TlsVersion.Tls12"/> by default.</summary>
    public TlsVersion MinimumVersion { get; set; } = TlsVersion.Tls12;

    /// <summary>The newest version that is spoken; <see cref="TlsVersion.Tls13"/> by default.</summary>
    public TlsVersion MaximumVersion { get; set; } = TlsVersion.Tls13;

    /// <summary>
    /// The ciphers of TLS 1.2 in OpenSSL's notation. The default has forward secrecy and authenticated
    /// encryption only; a wider list lets old clients in, and the attacks on what they speak.
    /// </summary>
    public string Ciphers { get; set; } = "ECDHE+AESGCM:ECDHE+CHACHA20";

    /// <summary>The cipher suites of TLS 1.3 in OpenSSL's notation; null leaves OpenSSL's default.</summary>
    public string? CipherSuites { get; set; }

    /// <summary>The groups of the key exchange, as in "X25519:P-256"; null leaves OpenSSL's
    /// default.</summary>
    public string? Groups { get; set; }

    /// <summary>
    /// The application protocols (ALPN), the preferred first, as in "h2" and "http/1.1". With none of them
    /// ALPN is not spoken; with some, a peer that offers others only is refused with
    /// <c>no_application_protocol</c>.
    /// </summary>
    public IList<string> ApplicationProtocols { get; private protected set; } = [];

    /// <summary>
    /// The certificates that a peer's must lead to. Null: a client trusts what the system trusts, and a
    /// server that asks for certificates refuses to start.
    /// </summary>
    public X509Certificate2Collection? TrustedRoots { get; set; }

    /// <summary>Decides about the peer's certificate after OpenSSL; null leaves it to OpenSSL.</summary>
    public TlsPeerCheck? CheckPeer { get; set; }

    /// <summary>
    /// A file to which the keys of all connections are appended, for Wireshark. Null, the default, writes
    /// none: whoever reads the file reads the connections.
    /// </summary>
    public string? KeyLogFile { get; set; }

    /// <summary>Refuses a value that is out of bounds.</summary>
    private protected static void Check<T>(string option, T value, bool isValid, string bounds)
    {
        if (!isValid)
        {
            throw new TlsException(
                TlsError.OptionInvalid, $"{option} cannot be used: it is {value}, and not {bounds}.");
        }
    }
}
