using System.Threading.Channels;

namespace Gain.Tests.Parity;

/// <summary>
/// So many consumers of a bounded channel, as the original's bounded pool for asynchronous handlers.
/// </summary>
internal sealed class BoundedPool : IAsyncDisposable
{
    private readonly Channel<(ConnectionHandle Handle, byte[] Data)> _requests;
    private readonly Task[] _consumers;

    public BoundedPool(int threads, int capacity)
    {
        _requests = Channel.CreateBounded<(ConnectionHandle Handle, byte[] Data)>(capacity);
        _consumers = [.. Enumerable.Range(0, threads).Select(_ => Task.Run(ConsumeAsync))];
    }

    public void Echo(ConnectionHandle handle, byte[] data)
    {
        if (!_requests.Writer.TryWrite((handle, data)))
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
        await foreach ((ConnectionHandle handle, byte[] data) in _requests.Reader.ReadAllAsync())
        {
            Posted.Send(handle, data);
        }
    }
}
