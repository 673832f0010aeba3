using BenchmarkDotNet.Attributes;
using Gain.Slots;

namespace Gain.Bench.Micro;

/// <summary>Arming and cancelling timers, alone and among a million others.</summary>
[MemoryDiagnoser]
public class TimerWheelBenchmarks
{
    private const int Capacity = 1 << 20;
    private const int Period = 60_000;

    private readonly TimerWheel _wheel = new(Capacity);
    private readonly int[] _order = new int[Capacity];
    private int _next;

    /// <summary>How many others are armed.</summary>
    [Params(0, 1_000_000)]
    public int Others { get; set; }

    [GlobalSetup]
    public void ArmOthers()
    {
        var random = new Random(1);
        for (int i = 0; i < Capacity; i++)
        {
            _order[i] = i;
            if (i < Others)
            {
                _wheel.Arm(i, 0, random.Next(1, Period));
            }
        }

        random.Shuffle(_order);
    }

    [GlobalCleanup]
    public void Release() => _wheel.Dispose();

    /// <summary>The same timer again and again: its memory stays in the cache.</summary>
    [Benchmark]
    public void ArmAndCancelOne()
    {
        _wheel.Arm(Capacity - 1, 0, Period);
        _wheel.Cancel(Capacity - 1);
    }

    /// <summary>Another timer each time, in no order: its memory is seldom in the cache.</summary>
    [Benchmark]
    public void ArmAndCancelAny()
    {
        int timer = _order[_next++ & (Capacity - 1)];
        _wheel.Arm(timer, 0, timer % Period);
        _wheel.Cancel(timer);
    }
}
