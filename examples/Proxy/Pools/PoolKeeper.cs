using Gain.Proxy.Relaying;

namespace Gain.Proxy.Pools;

/// <summary>Keeps a pool: looks its names up again, and checks its backends, until it is disposed
/// of.</summary>
internal sealed class PoolKeeper : IAsyncDisposable
{
    // A name that could not be found is asked for sooner.
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _end = new();
    private readonly Pool _pool;
    private readonly GainServer _server;
    private readonly Task _work;

    public PoolKeeper(Pool pool, GainServer server)
    {
        _pool = pool;
        _server = server;
        _work = Task.WhenAll(Task.Run(ResolveAsync), Task.Run(CheckAsync));
    }

    /// <summary>Begins nothing anymore. May be called on any thread.</summary>
    public void End() => _end.Cancel();

    public async ValueTask DisposeAsync()
    {
        End();
        try
        {
            await _work;
        }
        catch (OperationCanceledException)
        {
            // By the line above.
        }

        _end.Dispose();
    }

    private async Task ResolveAsync()
    {
        if (!_pool.Hosts.Any())
        {
            return;
        }

        TimeSpan usual = _pool.Section.ResolveEvery;
        using var timer = new PeriodicTimer(usual);
        while (await timer.WaitForNextTickAsync(_end.Token))
        {
            bool isComplete = await Resolver.ResolveAsync(_pool, _end.Token);
            timer.Period = isComplete || usual < s_soon ? usual : s_soon;
        }
    }

    private async Task CheckAsync()
    {
        if (_pool.Section.Check is not { } check)
        {
            return;
        }

        using var timer = new PeriodicTimer(check.Interval);
        do
        {
            await Task.WhenAll(_pool.Backends.Select(CheckAsync));
        }
        while (await timer.WaitForNextTickAsync(_end.Token));
    }

    private async Task CheckAsync(Backend backend)
    {
        string? failure;
        using var late = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        late.CancelAfter(_pool.Section.Check!.Timeout);
        try
        {
            await _server.DialAsync(new Probe(_pool.ProxyVersion), backend.Target, late.Token);
            failure = null;
        }
        catch (OperationCanceledException) when (!_end.IsCancellationRequested)
        {
            failure = $"no connection within {_pool.Section.Check.Timeout.TotalSeconds:0.###} s";
        }
        catch (GainException refused) when (refused.ConnectFailure is { } why && !IsOurs(why.Reason))
        {
            failure = $"{why.Reason}";
        }
        catch (GainException refused)
        {
            // The proxy's own limits, or its end, which say nothing of the backend.
            if (_server.IsRunning)
            {
                Messages.Write($"pool {_pool.Name}: {backend.Name} cannot be checked: {refused.Message}");
            }

            return;
        }

        if (backend.NoteCheck(failure is null, _pool.Section.Check.Rise, _pool.Section.Check.Fall))
        {
            Messages.Write(failure is null
                ? $"pool {_pool.Name}: {backend.Name} is up"
                : $"pool {_pool.Name}: {backend.Name} is down: {failure}");
        }
    }

    private static bool IsOurs(ConnectFailureReason reason) => reason
        is ConnectFailureReason.NoDescriptor
        or ConnectFailureReason.NoPort
        or ConnectFailureReason.Cancelled;
}
