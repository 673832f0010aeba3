using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Gain.Hosting;

/// <summary>
/// Has a server follow the end points of its configuration: those that are added are listened on, and those
/// that are removed no longer. What cannot be used is logged, and what was there stays.
/// </summary>
internal sealed partial class EndpointReload : IDisposable
{
    private readonly GainServer _server;
    private readonly string _name;
    private readonly IConfiguration _configuration;
    private readonly ILogger _logger;

    // Those of the program, which stay.
    private readonly int _own;
    private readonly Dictionary<string, Listening> _listening = new(StringComparer.OrdinalIgnoreCase);

    // For each certificate of the start, and for none (""), an address that others can be served like.
    private readonly Dictionary<string, string> _like = new(StringComparer.OrdinalIgnoreCase);

    // One reload after the other: a configuration tells of changes on any thread.
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stop;
    private readonly IDisposable _changes;
    private Task _last = Task.CompletedTask;

    /// <param name="server">The server, which runs.</param>
    /// <param name="name">Its name.</param>
    /// <param name="started">The end points that it was started with, in the order of its addresses.</param>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="logger">Where to say what was changed, and what was not.</param>
    public EndpointReload(
        GainServer server,
        string name,
        HostedEndpoint[] started,
        IConfiguration configuration,
        ILogger logger)
    {
        _server = server;
        _name = name;
        _configuration = configuration;
        _logger = logger;
        _stop = _stopping.Token;
        _own = started.Count(one => one.Name is null);
        bool areBound = server.Addresses.Count == started.Length;
        for (int i = 0; i < started.Length; i++)
        {
            HostedEndpoint endpoint = started[i];
            string address = areBound ? server.Addresses[i] : endpoint.Url;
            _like.TryAdd(endpoint.Certificate?.Name ?? "", address);
            if (endpoint.Name is not null)
            {
                _listening[endpoint.Name] = new Listening(endpoint, address);
            }
        }

        _changes = ChangeToken.OnChange(configuration.GetReloadToken, Reload);
    }

    /// <summary>It follows no more: the server stops.</summary>
    public void Dispose()
    {
        _changes.Dispose();
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private void Reload()
    {
        lock (_gate)
        {
            _last = ReloadAsync(_last);
        }
    }

    private async Task ReloadAsync(Task before)
    {
        // Not on the thread of the change.
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        using IDisposable? scope = _logger.BeginScope("server {Server}", _name);
        try
        {
            await FollowAsync(Read()).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            LogUnfinished(_logger, _name);
        }
        catch (Exception fault) when (fault is InvalidOperationException or GainException)
        {
            LogNotUsed(_logger, _name, fault.Message);
        }
    }

    private HostedEndpoint[] Read()
    {
        HostedEndpoint[] wanted = EndpointConfiguration.Read(_configuration, _name);
        return wanted.Length + _own != 0
            ? wanted
            : throw new InvalidOperationException(
                $"{ServerConfiguration.PathOf(_name)}:{ServerConfiguration.EndPointsKey} has none left.");
    }

    private async Task FollowAsync(HostedEndpoint[] wanted)
    {
        foreach (HostedEndpoint endpoint in wanted)
        {
            if (!_listening.TryGetValue(endpoint.Name!, out Listening? there))
            {
                await TryAddAsync(endpoint).ConfigureAwait(false);
            }
            else if (there.Endpoint != endpoint)
            {
                await ReplaceAsync(there, endpoint).ConfigureAwait(false);
            }
        }

        foreach (Listening gone in _listening.Values.ToArray())
        {
            if (!wanted.Any(one => one.Name!.Equals(gone.Endpoint.Name, StringComparison.OrdinalIgnoreCase)))
            {
                _listening.Remove(gone.Endpoint.Name!);
                _ = EndAsync(gone);
            }
        }
    }

    // The new one first, so that clients always find one; unless it takes the other's place.
    private async Task ReplaceAsync(Listening there, HostedEndpoint endpoint)
    {
        Exception? refused = await AddAsync(endpoint).ConfigureAwait(false);
        if (refused is null)
        {
            _ = EndAsync(there);
            return;
        }

        if (refused is GainException { ErrorCode: GainError.AddressInUse })
        {
            await EndAsync(there).WaitAsync(_stop).ConfigureAwait(false);
            _listening.Remove(endpoint.Name!);
            refused = await AddAsync(endpoint).ConfigureAwait(false);
            if (refused is not null)
            {
                await TryAddAsync(there.Endpoint).ConfigureAwait(false);
            }
        }

        if (refused is not null)
        {
            LogNotUsed(_logger, _name, refused.Message);
        }
    }

    private async Task TryAddAsync(HostedEndpoint endpoint)
    {
        if (await AddAsync(endpoint).ConfigureAwait(false) is { } refused)
        {
            LogNotUsed(_logger, _name, refused.Message);
        }
    }

    /// <returns>Why it could not be opened; null when it is.</returns>
    private async Task<Exception?> AddAsync(HostedEndpoint endpoint)
    {
        string certificate = endpoint.Certificate?.Name ?? "";
        if (!_like.TryGetValue(certificate, out string? like))
        {
            string what = certificate is "" ? "no certificate" : $"the certificate \"{certificate}\"";
            return new InvalidOperationException(
                $"{endpoint.Url} has {what}, as no end point had at the start: it is listened on from the "
                + "next start on.");
        }

        try
        {
            IReadOnlyList<string> bound = await _server
                .AddListenerAsync(endpoint.Url, like, cancellationToken: _stop).ConfigureAwait(false);
            _listening[endpoint.Name!] =
                new Listening(endpoint, bound.Count == 1 ? bound[0] : endpoint.Url);
            LogAdded(_logger, _name, endpoint.Name!, string.Join(", ", bound));
            return null;
        }
        catch (GainException refused)
        {
            return refused;
        }
    }

    private Task EndAsync(Listening gone)
    {
        LogRemoved(_logger, _name, gone.Endpoint.Name!, gone.Address);
        return _server.StopListeningAsync(gone.Address);
    }

    [LoggerMessage(
        3, LogLevel.Information, "The server {Name} listens on the end point {Endpoint}: {Addresses}.")]
    private static partial void LogAdded(ILogger logger, string name, string endpoint, string addresses);

    [LoggerMessage(
        4,
        LogLevel.Information,
        "The server {Name} no longer listens on the end point {Endpoint}, {Address}; its connections go on.")]
    private static partial void LogRemoved(ILogger logger, string name, string endpoint, string address);

    [LoggerMessage(
        5, LogLevel.Error, "The server {Name} does not follow a change of its end points: {Reason}")]
    private static partial void LogNotUsed(ILogger logger, string name, string reason);

    [LoggerMessage(
        6, LogLevel.Information, "The server {Name} stops in the middle of a change of its end points.")]
    private static partial void LogUnfinished(ILogger logger, string name);

    /// <summary>An end point that is listened on.</summary>
    /// <param name="Endpoint">It.</param>
    /// <param name="Address">What the server calls it.</param>
    private sealed record Listening(HostedEndpoint Endpoint, string Address);
}
