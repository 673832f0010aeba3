namespace Gain.Tls;

/// <summary>What a <see cref="TlsException"/> is about, for code that reacts to it.</summary>
public enum TlsError
{
    /// <summary>No error: the value of a field that was never set. No exception has it.</summary>
    None = 0,

    /// <summary>OpenSSL 3 is not there, or not where the setting says; the message names what was
    /// tried.</summary>
    OpenSslMissing = 1,

    /// <summary>The OpenSSL that was found is older than 3.0.</summary>
    OpenSslTooOld = 2,

    /// <summary>A certificate or its key cannot be read, is not valid now, or the two do not belong
    /// together.</summary>
    CertificateInvalid = 3,

    /// <summary>An option has a value that cannot be used.</summary>
    OptionInvalid = 4,

    /// <summary>OpenSSL refused something that should work; the message has its own words.</summary>
    OpenSslFailed = 5,
}
