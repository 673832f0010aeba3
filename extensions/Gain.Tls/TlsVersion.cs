namespace Gain.Tls;

/// <summary>A version of the protocol. Older ones are not spoken: they are broken (RFC 8996).</summary>
public enum TlsVersion
{
    /// <summary>No version: the value of a field that was never set, and no option.</summary>
    None = 0,

    /// <summary>TLS 1.2, RFC 5246.</summary>
    Tls12 = 0x0303,

    /// <summary>TLS 1.3, RFC 8446.</summary>
    Tls13 = 0x0304,
}
