namespace Gain.Tls;

/// <summary>What a TLS client sets; the defaults check the server's certificate and name.</summary>
public sealed class TlsClientOptions : TlsOptions
{
    /// <summary>The certificate that the client shows to a server that asks; null shows none.</summary>
    public TlsCertificate? Certificate { get; set; }

    /// <summary>Whether the client asks the server for its OCSP response; it does not by default.</summary>
    public bool RequestOcspStaple { get; set; }
}
