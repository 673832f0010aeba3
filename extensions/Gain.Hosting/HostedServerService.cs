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
    private Task _watch = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // Before the first service is asked to stop: clients are to be sent elsewhere from then on.
        lifetime.ApplicationStopping.Register(hosted.BeginStop);
        return Task.CompletedTask;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            GainOptions options = MakeOptions(out string[] addresses);
            TProtocol prototype = MakePrototype();
            GainServerBuilder<TProtocol> builder = GainServer.Listen(prototype, addresses[0], addresses[1..]);
            _server = await builder.StartAsync(options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is GainException or InvalidOperationException)
        {
            throw new InvalidOperationException(
                $"The server \"{plan.Name}\" ({ServerConfiguration.PathOf(plan.Name)}) cannot start: "
                + fault.Message,
                fault);
        }

        hosted.Begin(_server);
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

    private GainOptions MakeOptions(out string[] addresses)
    {
        var options = new GainOptions { Logger = _logger };
        var all = new List<string>(plan.Addresses);
        if (services.GetService<IConfiguration>() is { } configuration)
        {
            IConfigurationSection section =
                configuration.GetSection(ServerConfiguration.PathOf(plan.Name));
            ServerConfiguration.Bind(section, options);
            all.AddRange(ServerConfiguration.AddressesOf(section));
        }

        foreach (Action<IServiceProvider, GainOptions> configure in plan.Configure)
        {
            configure(services, options);
        }

        addresses = all.Count > 0
            ? [.. all]
            : throw new InvalidOperationException(
                $"it has no address. Set {ServerConfiguration.PathOf(plan.Name)}:Endpoints:main:Url in the "
                + $"configuration, or call .Listen(\"tcp://:9000\") on what AddGainServer returns.");
        return options;
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
