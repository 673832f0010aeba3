namespace Gain.Hosting;

/// <summary>A certificate of the configuration: <c>Gain:Certificates:{name}</c>.</summary>
public sealed class HostedCertificate
{
    /// <param name="setting">The configuration's.</param>
    /// <param name="root">The directory that relative paths start at.</param>
    internal HostedCertificate(CertificateSetting setting, string root)
    {
        Name = setting.Name;
        Path = System.IO.Path.GetFullPath(setting.Path, root);
        KeyPath = setting.KeyPath is { } key ? System.IO.Path.GetFullPath(key, root) : null;
    }

    /// <summary>The name that end points give it by.</summary>
    public string Name { get; }

    /// <summary>Its file. A relative path starts at the host's content root, where appsettings.json
    /// is.</summary>
    public string Path { get; }

    /// <summary>The file of its private key; null when that is in the same file.</summary>
    public string? KeyPath { get; }
}
