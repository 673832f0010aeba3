namespace Gain.Tls;

/// <summary>A version of the protocol. Older ones are not spoken: they are broken (RFC 8996).</summary>
public enum TlsVersion
{
    /// <summary>TLS 1.2, RFC 5246.</summary>
    Tls12 = 0x0303,

    /// <summary>TLS 1.3, RFC 8446.</summary>
    Tls13 = 0x0304,
}
