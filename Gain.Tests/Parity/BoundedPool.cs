using System.Threading.Channels;

namespace Gain.Tests.Parity;

/// <summary>
/// So many consumers of a bounded channel, as the original's bounded pool for asynchronous handlers.
/// </summary>
internal sealed class BoundedPool : IAsyncDisposable
{
    private readonly Channel<Action> _requests;
    private readonly Task[] _consumers;

    public BoundedPool(int threads, int capacity)
    {
        _requests = Channel.CreateBounded<Action>(capacity);
        _consumers = [.. Enumerable.Range(0, threads).Select(_ => Task.Run(ConsumeAsync))];
    }

    public void Add(Action request)
    {
        if (!_requests.Writer.TryWrite(request))
        {
            throw new InvalidOperationException("The pool has more to do than it may.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _requests.Writer.Complete();
        await Task.WhenAll(_consumers);
    }

    private async Task ConsumeAsync()
    {
        await foreach (Action request in _requests.Reader.ReadAllAsync())
        {
            request();
        }
    }
}
