using System.Collections.Concurrent;
using System.Diagnostics;
using Gain.Kernel;

namespace Gain.Bench.RingCases;

/// <summary>A thread on one CPU that runs a case: a ring belongs to the thread that made it.</summary>
internal sealed class PinnedThread : IDisposable
{
    private const int MaskBytes = 128;

    private readonly BlockingCollection<(int Operations, TaskCompletionSource<double> Result)> _work = [];
    private readonly Thread _thread;

    public PinnedThread(int cpu, Func<IRingCase> create)
    {
        _thread = new Thread(() => Run(cpu, create)) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>The nanoseconds of one operation, over so many.</summary>
    public double Measure(int operations)
    {
        var result = new TaskCompletionSource<double>();
        _work.Add((operations, result));
        return result.Task.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private void Run(int cpu, Func<IRingCase> create)
    {
        IRingCase? ringCase = null;
        foreach ((int operations, TaskCompletionSource<double> result) in _work.GetConsumingEnumerable())
        {
            try
            {
                if (ringCase is null)
                {
                    Pin(cpu);
                    ringCase = create();
                }

                long before = Stopwatch.GetTimestamp();
                ringCase.Run(operations);
                result.SetResult(Stopwatch.GetElapsedTime(before).TotalNanoseconds / operations);
            }
            catch (Exception failure)
            {
                result.SetException(failure);
            }
        }

        ringCase?.Dispose();
    }

    private static unsafe void Pin(int cpu)
    {
        byte* mask = stackalloc byte[MaskBytes];
        new Span<byte>(mask, MaskBytes).Clear();
        if (cpu >= MaskBytes * 8)
        {
            throw new BenchException($"There is no CPU {cpu}.");
        }

        mask[cpu / 8] = (byte)(1 << (cpu % 8));
        int result = Libc.SchedSetAffinity(0, MaskBytes, mask);
        if (result < 0)
        {
            throw new BenchException($"The thread cannot run on CPU {cpu}: {Errno.Describe(-result)}.");
        }
    }
}
