using Gain.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gain.Hosting;

/// <summary>Adds servers to a host.</summary>
public static class GainHostingExtensions
{
    /// <summary>
    /// Adds a server that starts and stops with the host. Its options and end points are those of the
    /// configuration under <c>Gain:Servers:{name}</c>; a key or a value that is wrong there fails the host's
    /// start.
    /// </summary>
    /// <typeparam name="TProtocol">A partial struct with <see cref="GainProtocolAttribute"/>.</typeparam>
    /// <param name="services">The host's services.</param>
    /// <param name="name">
    /// The server's name: the key of its section and of its <see cref="HostedGainServer"/>, and the end of
    /// its log category, <c>Gain.{name}</c>. A host may have several servers, each with a name of its own.
    /// </param>
    /// <returns>What further says what the server is made of.</returns>
    /// <exception cref="ArgumentException">The name is empty, has a colon, or is taken.</exception>
    public static HostedServerBuilder<TProtocol> AddGainServer<TProtocol>(
        this IServiceCollection services, string name)
        where TProtocol : struct, IProtocol<TProtocol>
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.Contains(':', StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"\"{name}\" has a colon, which parts a configuration's keys: choose a name without one.",
                nameof(name));
        }

        if (services.Any(one => one.ServiceType == typeof(HostedGainServer) && name.Equals(one.ServiceKey)))
        {
            throw new ArgumentException(
                $"There is a server with the name \"{name}\" already: give each a name of its own.",
                nameof(name));
        }

        var plan = new HostedServerPlan<TProtocol>(name);

        // By its name, and among all of a host: where it has one server, no name is needed.
        var hosted = new HostedGainServer(name);
        services.AddKeyedSingleton(name, hosted);
        services.AddSingleton(hosted);
        services.AddSingleton<IHostedService>(provider => new HostedServerService<TProtocol>(
            plan,
            hosted,
            provider,
            provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<ILoggerFactory>()));
        return new HostedServerBuilder<TProtocol>(services, plan);
    }
}
