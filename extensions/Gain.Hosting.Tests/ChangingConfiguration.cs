using Microsoft.Extensions.Configuration;

namespace Gain.Hosting.Tests;

/// <summary>A configuration that a test replaces while the host runs, as a file that is written
/// anew.</summary>
internal sealed class ChangingConfiguration : ConfigurationProvider, IConfigurationSource
{
    public ChangingConfiguration(params (string Key, string? Value)[] values) => Set(values);

    /// <summary>What it says from now on.</summary>
    public void Replace(params (string Key, string? Value)[] values)
    {
        Set(values);
        OnReload();
    }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    private void Set((string Key, string? Value)[] values) => Data = values.ToDictionary(
        one => one.Key, one => one.Value, StringComparer.OrdinalIgnoreCase);
}
