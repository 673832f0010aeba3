namespace Gain.Hosting;

/// <summary>An end point of the configuration: <c>Gain:Servers:{server}:Endpoints:{name}</c>.</summary>
/// <param name="Name">Its name; null for an address that the program gave.</param>
/// <param name="Url">Its address.</param>
/// <param name="Certificate">The certificate of a tls:// address; null for another.</param>
internal sealed record HostedEndpoint(string? Name, string Url, CertificateSetting? Certificate)
{
    /// <summary>Whether an address is one of TLS.</summary>
    public static bool IsSecure(string url) => url.StartsWith("tls", StringComparison.OrdinalIgnoreCase);
}
