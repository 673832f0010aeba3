using System.Text.Json;

namespace Gain.Proxy.Configuration;

/// <summary>What of the file is read at the start alone.</summary>
internal static class RestartRules
{
    /// <summary>The keys that differ and cannot change while the proxy runs.</summary>
    public static string[] Changed(ProxySection running, ProxySection wanted)
    {
        using JsonDocument before = Fixed(running);
        using JsonDocument after = Fixed(wanted);
        return
        [
            .. from key in before.RootElement.EnumerateObject()
               where !JsonElement.DeepEquals(key.Value, after.RootElement.GetProperty(key.Name))
               select key.Name,
        ];
    }

    // Pools may change, and listeners, which have rules of their own.
    private static JsonDocument Fixed(ProxySection section) => JsonSerializer.SerializeToDocument(
        section with { Pools = [], Listeners = [] }, ConfigurationJson.Default.ProxySection);
}
