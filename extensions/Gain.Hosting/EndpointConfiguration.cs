using Microsoft.Extensions.Configuration;

namespace Gain.Hosting;

/// <summary>The end points of a server and their certificates, as the configuration has them.</summary>
internal static class EndpointConfiguration
{
    private const string Certificates = "Gain:Certificates";
    private const string DefaultCertificate = "Default";
    private const string UrlKey = "Url";
    private const string CertificateKey = "Certificate";
    private const string PathKey = "Path";
    private const string KeyPathKey = "KeyPath";

    /// <summary>Reads those of a server, in the order of their names.</summary>
    /// <exception cref="InvalidOperationException">A key or a value is not one; the text names
    /// it.</exception>
    public static HostedEndpoint[] Read(IConfiguration configuration, string server) =>
    [
        .. configuration.GetSection(ServerConfiguration.PathOf(server))
            .GetSection(ServerConfiguration.EndPointsKey)
            .GetChildren().Select(section => ReadOne(configuration, section)),
    ];

    /// <summary>An address that the program gave.</summary>
    /// <exception cref="InvalidOperationException">It needs the default certificate, and there is
    /// none.</exception>
    public static HostedEndpoint Of(IConfiguration? configuration, string url) => new(
        Name: null,
        url,
        !HostedEndpoint.IsSecure(url) ? null
            : FindCertificate(configuration, DefaultCertificate) ?? throw new InvalidOperationException(
                $"{url} has no certificate: set {Certificates}:{DefaultCertificate}:{PathKey}."));

    private static HostedEndpoint ReadOne(IConfiguration configuration, IConfigurationSection section)
    {
        CheckKeys(section, "an end point", UrlKey, CertificateKey);
        string url = section[UrlKey] is { Length: > 0 } given
            ? given
            : throw new InvalidOperationException(
                $"{section.Path}:{UrlKey} is missing: write an address, as in \"tcp://:9000\".");
        string? named = section[CertificateKey];
        if (!HostedEndpoint.IsSecure(url))
        {
            return named is null
                ? new HostedEndpoint(section.Key, url, Certificate: null)
                : throw new InvalidOperationException(
                    $"{section.Path}:{CertificateKey} is \"{named}\", but {url} has no TLS: write "
                    + "tls://host:port, or leave the certificate out.");
        }

        CertificateSetting? certificate = FindCertificate(configuration, named ?? DefaultCertificate);
        return certificate is not null
            ? new HostedEndpoint(section.Key, url, certificate)
            : throw new InvalidOperationException(
                named is null
                    ? $"{section.Path}:{CertificateKey} is missing: name one of {Certificates}, or set "
                        + $"{Certificates}:{DefaultCertificate}."
                    : $"{section.Path}:{CertificateKey} is \"{named}\", but there is no "
                        + $"{Certificates}:{named}.");
    }

    private static CertificateSetting? FindCertificate(IConfiguration? configuration, string name)
    {
        IConfigurationSection? section = configuration?.GetSection($"{Certificates}:{name}");
        if (section is null || !section.Exists())
        {
            return null;
        }

        CheckKeys(section, "a certificate", PathKey, KeyPathKey);
        return section[PathKey] is { Length: > 0 } path
            ? new CertificateSetting(section.Key, path, section[KeyPathKey])
            : throw new InvalidOperationException(
                $"{section.Path}:{PathKey} is missing: write the file of the certificate.");
    }

    private static void CheckKeys(IConfigurationSection section, string what, params string[] known)
    {
        IConfigurationSection? other = section.GetChildren()
            .FirstOrDefault(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase));
        if (other is not null)
        {
            throw new InvalidOperationException(
                $"{other.Path} is not a key of {what}: it has {string.Join(" and ", known)}.");
        }
    }
}
