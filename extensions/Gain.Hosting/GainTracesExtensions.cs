using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Gain.Hosting;

/// <summary>Adds traces of connections to a host.</summary>
public static class GainTracesExtensions
{
    /// <summary>
    /// Adds <see cref="ConnectionTraces"/>, by which handlers have spans of their connections made. The
    /// source is called <c>Gain</c>. A second call changes nothing.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <returns>The same.</returns>
    public static IServiceCollection AddGainTraces(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(_ => new ConnectionTraces());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, TraceWriter>());
        return services;
    }
}
