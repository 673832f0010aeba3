using BenchmarkDotNet.Attributes;
using Gain.Mail;
using Gain.Memory;
using Gain.Slots;

namespace Gain.Bench.Micro;

/// <summary>A connection's coming and going in the table of slots.</summary>
[MemoryDiagnoser]
public class SlotBenchmarks
{
    private const int Capacity = 4_096;
    private const int AnyDescriptor = 7;

    private readonly SlotTable _table = new(
        Capacity,
        workerIndex: 0,
        new Mailbox(16),
        new MemoryBudget(1L << 40));

    private readonly int[] _taken = new int[Capacity];

    [GlobalCleanup]
    public void Release() => _table.Dispose();

    /// <summary>One connection at a time: its slot stays in the cache.</summary>
    [Benchmark]
    public void AllocateAndFree() => _table.Free(_table.Allocate(AnyDescriptor));

    /// <summary>All slots, then all free: each is touched when others have been.</summary>
    [Benchmark(OperationsPerInvoke = Capacity)]
    public void AllocateAllAndFreeAll()
    {
        for (int i = 0; i < Capacity; i++)
        {
            _taken[i] = _table.Allocate(AnyDescriptor);
        }

        foreach (int index in _taken)
        {
            _table.Free(index);
        }
    }
}
