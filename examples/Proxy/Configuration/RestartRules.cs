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

    // Where listeners lead may change, and pools; a listener itself may not.
    private static JsonDocument Fixed(ProxySection section) => JsonSerializer.SerializeToDocument(
        section with
        {
            Pools = [],
            Listeners = Array.ConvertAll(
                section.Listeners, listener => listener with { Pool = null, Names = null }),
        },
        ConfigurationJson.Default.ProxySection);
}
