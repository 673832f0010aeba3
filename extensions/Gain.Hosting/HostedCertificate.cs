namespace Gain.Hosting;

/// <summary>A certificate of the configuration: <c>Gain:Certificates:{name}</c>.</summary>
public sealed class HostedCertificate
{
    internal HostedCertificate(CertificateSetting setting)
    {
        Name = setting.Name;
        Path = setting.Path;
        KeyPath = setting.KeyPath;
    }

    /// <summary>The name that end points give it by.</summary>
    public string Name { get; }

    /// <summary>Its file.</summary>
    public string Path { get; }

    /// <summary>The file of its private key; null when that is in the same file.</summary>
    public string? KeyPath { get; }
}
