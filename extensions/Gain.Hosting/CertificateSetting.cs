namespace Gain.Hosting;

/// <summary>A certificate as the configuration has it: <c>Gain:Certificates:{name}</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">Its file.</param>
/// <param name="KeyPath">The file of its private key; null when that is in the same file.</param>
internal sealed record CertificateSetting(string Name, string Path, string? KeyPath);
