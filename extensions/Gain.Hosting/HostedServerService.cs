using System.Diagnostics.Metrics;
using Gain.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gain.Hosting;

/// <summary>Starts a server with its host, stops it with its host, and stops the host when the server
/// fails.</summary>
internal sealed partial class HostedServerService<TProtocol>(
    HostedServerPlan<TProtocol> plan,
    HostedGainServer hosted,
    IServiceProvider services,
    IHostApplicationLifetime lifetime,
    ILoggerFactory loggers) : IHostedLifecycleService
    where TProtocol : struct, IProtocol<TProtocol>
{
    private readonly ILogger _logger = loggers.CreateLogger($"Gain.{plan.Name}");
    private GainServer? _server;
    private EndpointReload? _reload;
    private Task _watch = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // Before the first service is asked to stop: clients are to be sent elsewhere from then on.
        lifetime.ApplicationStopping.Register(hosted.BeginStop);
        return Task.CompletedTask;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using IDisposable? scope = _logger.BeginScope("server {Server}", plan.Name);
        HostedEndpoint[] endpoints;
        try
        {
            GainOptions options = MakeOptions(out endpoints);
            _server = await MakeBuilder(endpoints)
                .StartAsync(options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            throw new InvalidOperationException(
                $"The server \"{plan.Name}\" ({ServerConfiguration.PathOf(plan.Name)}) cannot start: "
                + fault.Message,
                fault);
        }

        hosted.Begin(_server);
        if (services.GetService<IConfiguration>() is { } configuration)
        {
            _reload = new EndpointReload(_server, plan.Name, endpoints, configuration, _logger);
        }

        _watch = WatchAsync(_server);
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        hosted.BeginStop();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is null)
        {
            return;
        }

        using IDisposable? scope = _logger.BeginScope("server {Server}", plan.Name);
        _reload?.Dispose();

        // The token is cancelled at the host's timeout: what is left then is reset at once.
        try
        {
            await _server.StopAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (GainException fault)
        {
            LogStopFailed(_logger, plan.Name, fault.Message);
        }

        await _watch.ConfigureAwait(false);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private GainOptions MakeOptions(out HostedEndpoint[] endpoints)
    {
        var options = new GainOptions
        {
            Logger = _logger,
            MeterFactory = services.GetService<IMeterFactory>(),
        };
        IConfiguration? configuration = services.GetService<IConfiguration>();
        var all = new List<HostedEndpoint>(
            plan.Addresses.Select(url => EndpointConfiguration.Of(configuration, url)));
        if (configuration is not null)
        {
            ServerConfiguration.Bind(
                configuration.GetSection(ServerConfiguration.PathOf(plan.Name)), options);
            all.AddRange(EndpointConfiguration.Read(configuration, plan.Name));
        }

        foreach (Action<IServiceProvider, GainOptions> configure in plan.Configure)
        {
            configure(services, options);
        }

        // Those of one certificate lie side by side: they have one prototype, whose OnStart is called once.
        endpoints = all.Count > 0
            ? [.. all.OrderBy(one => one.Certificate?.Name ?? "", StringComparer.OrdinalIgnoreCase)]
            : throw new InvalidOperationException(
                $"it has no address. Set {ServerConfiguration.PathOf(plan.Name)}:Endpoints:main:Url in the "
                + $"configuration, or call .Listen(\"tcp://:9000\") on what AddGainServer returns.");
        return options;
    }

    private GainServerBuilder<TProtocol> MakeBuilder(HostedEndpoint[] endpoints)
    {
        TProtocol prototype = MakePrototype();
        GainServerBuilder<TProtocol>? builder = null;
        string[] plain = [.. endpoints.Where(one => one.Certificate is null).Select(one => one.Url)];
        foreach (IGrouping<CertificateSetting, HostedEndpoint> group in endpoints
            .Where(one => one.Certificate is not null).GroupBy(one => one.Certificate!))
        {
            // The addresses without TLS are those of the first group, and have its prototype.
            string[] urls = [.. plain, .. group.Select(one => one.Url)];
            plain = [];
            builder = builder is null
                ? GainServer.Listen(prototype, urls[0], urls[1..])
                : builder.Listen(prototype, urls[0], urls[1..]);
            builder = plan.Certify is { } certify
                ? certify(builder, new HostedCertificate(group.Key))
                : throw new InvalidOperationException(
                    $"{group.First().Url} has TLS, but the program does not say how: call "
                    + ".WithCertificates((server, certificate) => server.UseTls(…)), with the package "
                    + "Gain.Tls, on what AddGainServer returns.");
        }

        return builder ?? GainServer.Listen(prototype, plain[0], plain[1..]);
    }

    private TProtocol MakePrototype() => plan.Prototype is { } make
        ? make(services)
        : services.GetService(typeof(TProtocol)) is TProtocol registered ? registered : default;

    // A server that ends without being asked to would leave an application that serves nobody.
    private async Task WatchAsync(GainServer server)
    {
        try
        {
            await server.Completion.ConfigureAwait(false);
            return;
        }
        catch (GainException fault)
        {
            LogFailed(_logger, fault, plan.Name);
        }

        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }

    [LoggerMessage(1, LogLevel.Critical, "The server {Name} has failed, and the application stops.")]
    private static partial void LogFailed(ILogger logger, Exception fault, string name);

    [LoggerMessage(2, LogLevel.Error, "The server {Name} did not stop in order: {Reason}")]
    private static partial void LogStopFailed(ILogger logger, string name, string reason);
}
