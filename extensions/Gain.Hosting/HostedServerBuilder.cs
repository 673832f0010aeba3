using Gain.CompilerServices;
using Microsoft.Extensions.DependencyInjection;

namespace Gain.Hosting;

/// <summary>What a host's server is made of, beside its configuration.</summary>
/// <typeparam name="TProtocol">A partial struct with <see cref="GainProtocolAttribute"/>.</typeparam>
public sealed class HostedServerBuilder<TProtocol>
    where TProtocol : struct, IProtocol<TProtocol>
{
    private readonly HostedServerPlan<TProtocol> _plan;

    internal HostedServerBuilder(IServiceCollection services, HostedServerPlan<TProtocol> plan)
    {
        Services = services;
        _plan = plan;
    }

    /// <summary>The host's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The server's name.</summary>
    public string Name => _plan.Name;

    /// <summary>
    /// Adds addresses to those of the configuration, as in <c>tcp://:9000</c>. They are opened when the host
    /// starts; one that cannot be fails the start.
    /// </summary>
    /// <param name="addresses">The addresses.</param>
    /// <returns>The builder.</returns>
    public HostedServerBuilder<TProtocol> Listen(params string[] addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        _plan.Addresses.AddRange(addresses);
        return this;
    }

    /// <summary>Sets options after the configuration has: what is set here counts.</summary>
    /// <param name="configure">Called once, when the host starts the server.</param>
    /// <returns>The builder.</returns>
    public HostedServerBuilder<TProtocol> Configure(Action<GainOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        _plan.Configure.Add((_, options) => configure(options));
        return this;
    }

    /// <summary>The same, with services at hand.</summary>
    /// <param name="configure">Called once, when the host starts the server.</param>
    /// <returns>The builder.</returns>
    public HostedServerBuilder<TProtocol> Configure(Action<IServiceProvider, GainOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        _plan.Configure.Add(configure);
        return this;
    }

    /// <summary>
    /// Says how the instance is made that every connection's handler is a copy of: services are its fields.
    /// Without it, the instance is a service if one of the type is registered, and the default value
    /// otherwise.
    /// </summary>
    /// <param name="factory">Called once, when the host starts the server, with the root services.</param>
    /// <returns>The builder.</returns>
    public HostedServerBuilder<TProtocol> WithPrototype(Func<IServiceProvider, TProtocol> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        _plan.Prototype = factory;
        return this;
    }

    /// <summary>
    /// Says how end points with TLS use the certificates of the configuration, as with the package Gain.Tls.
    /// An end point names its certificate, <c>Gain:Certificates:{name}</c>, with <c>Certificate</c>; without
    /// the key it has the one that is called <c>Default</c>.
    /// </summary>
    /// <param name="use">
    /// Gives the tls:// addresses that have no layer yet a certificate. Called once for each certificate,
    /// when the host starts the server. The paths are those of the configuration.
    /// </param>
    /// <returns>The builder.</returns>
    /// <example>
    /// <code>
    /// services.AddGainServer&lt;Echo&gt;("echo").WithCertificates((server, certificate) => server.UseTls(
    ///     new TlsServerOptions
    ///     {
    ///         Certificate = TlsCertificate.FromPemFile(certificate.Path, certificate.KeyPath),
    ///         ReloadInterval = TimeSpan.FromSeconds(10),
    ///     }));
    /// </code>
    /// </example>
    public HostedServerBuilder<TProtocol> WithCertificates(
        Func<GainServerBuilder<TProtocol>, HostedCertificate, GainServerBuilder<TProtocol>> use)
    {
        ArgumentNullException.ThrowIfNull(use);
        _plan.Certify = use;
        return this;
    }

    /// <summary>
    /// Adds a health check with the server's name: healthy while it accepts, unhealthy from the begin of a
    /// stop on, so that a balancer sends no more clients. For readiness: a server that drains is alive.
    /// </summary>
    /// <param name="tags">Tags to select it by. Default: <c>ready</c>.</param>
    /// <returns>The builder.</returns>
    public HostedServerBuilder<TProtocol> WithHealthCheck(params string[] tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        Services.AddHealthChecks().Add(new(
            Name,
            services => new ServerHealthCheck(services.GetRequiredKeyedService<HostedGainServer>(Name)),
            failureStatus: null,
            tags.Length == 0 ? ["ready"] : tags));
        return this;
    }
}
