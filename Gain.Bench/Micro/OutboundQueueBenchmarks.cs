using BenchmarkDotNet.Attributes;
using Gain.Memory;

namespace Gain.Bench.Micro;

/// <summary>What a connection writes, on its way through the outbound queue.</summary>
[MemoryDiagnoser]
public class OutboundQueueBenchmarks
{
    private const int Pipelined = 16;

    private readonly SegmentPool _pool = new(new MemoryBudget(1L << 40));
    private OutboundQueue _queue;
    private byte[] _message = [];

    /// <summary>The message's size: an HTTP answer, a full segment, and one that spans several.</summary>
    [Params(127, 16_384, 65_536)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Fill() => _message = new byte[Size];

    [GlobalCleanup]
    public void Release() => _pool.Dispose();

    /// <summary>One message, sent whole.</summary>
    [Benchmark]
    public void AppendAndConsume()
    {
        _queue.TryAppend(_pool, _message);
        _queue.Consume(_pool, Size);
    }

    /// <summary>The answers to pipelined requests, sent together.</summary>
    [Benchmark(OperationsPerInvoke = Pipelined)]
    public void AppendPipelinedAndConsume()
    {
        for (int i = 0; i < Pipelined; i++)
        {
            _queue.TryAppend(_pool, _message);
        }

        _queue.Consume(_pool, Size * Pipelined);
    }
}
