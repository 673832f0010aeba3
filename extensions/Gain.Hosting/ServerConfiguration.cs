using Microsoft.Extensions.Configuration;

namespace Gain.Hosting;

/// <summary>A server's part of the configuration: <c>Gain:Servers:{name}</c>.</summary>
/// <remarks>
/// <code>
/// "Gain": { "Servers": { "echo": {
///   "Endpoints": { "public": { "Url": "tcp://:9000" } },
///   "Limits": { "MaxConnections": 10000 } } } }
/// </code>
/// </remarks>
internal static class ServerConfiguration
{
    /// <summary>The keys of a server beside its end points: the properties of <see
    /// cref="GainOptions"/>.</summary>
    internal static readonly string[] OptionKeys =
    [
        nameof(GainOptions.Accepting), nameof(GainOptions.Architecture), nameof(GainOptions.Balancing),
        nameof(GainOptions.Buffers), nameof(GainOptions.CpuAffinity), nameof(GainOptions.CpuSteering),
        nameof(GainOptions.Datagrams), nameof(GainOptions.HandOverExcess), nameof(GainOptions.Limits),
        nameof(GainOptions.LogLevel), nameof(GainOptions.NiceValue), nameof(GainOptions.Ring),
        nameof(GainOptions.SlowTurnWarning), nameof(GainOptions.Sockets), nameof(GainOptions.Timeouts),
        nameof(GainOptions.WorkerCount),
    ];

    /// <summary>The key of a server's end points.</summary>
    internal const string EndPointsKey = "Endpoints";

    /// <summary>The path of a server's section.</summary>
    public static string PathOf(string name) => $"Gain:Servers:{name}";

    /// <summary>Sets the options that the configuration names.</summary>
    /// <exception cref="InvalidOperationException">A key or a value is not one; the text names
    /// it.</exception>
    public static void Bind(IConfigurationSection section, GainOptions options)
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (!child.Key.Equals(EndPointsKey, StringComparison.OrdinalIgnoreCase)
                && !OptionKeys.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                throw new InvalidOperationException(
                    $"{child.Path} is not a key of a server: it has {EndPointsKey} and "
                    + $"{string.Join(", ", OptionKeys)}.");
            }
        }

        // A misspelt key would be passed over. Each group is bound twice, as lists grow by what is bound to
        // them.
        section.GetSection(nameof(GainOptions.Limits)).Bind(new LimitOptions(), Strictly);
        section.GetSection(nameof(GainOptions.Timeouts)).Bind(new TimeoutOptions(), Strictly);
        section.GetSection(nameof(GainOptions.Accepting)).Bind(new AcceptOptions(), Strictly);
        section.GetSection(nameof(GainOptions.Sockets)).Bind(new SocketSettings(), Strictly);
        section.GetSection(nameof(GainOptions.Datagrams)).Bind(new DatagramOptions(), Strictly);
        section.GetSection(nameof(GainOptions.Buffers)).Bind(new BufferOptions(), Strictly);
        section.Bind(options);
    }

    private static void Strictly(BinderOptions binder) => binder.ErrorOnUnknownConfiguration = true;
}
