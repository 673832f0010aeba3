namespace Gain.Tls;

/// <summary>Whether a server asks its clients for certificates.</summary>
public enum TlsClientCertificates
{
    /// <summary>They are not asked.</summary>
    None = 0,

    /// <summary>They are asked; one without a certificate is served, one with a bad certificate is
    /// not.</summary>
    Optional = 1,

    /// <summary>Only clients with a certificate that is trusted are served.</summary>
    Required = 2,
}
