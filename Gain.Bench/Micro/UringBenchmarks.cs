using BenchmarkDotNet.Attributes;
using Gain.Bench.RingCases;

namespace Gain.Bench.Micro;

/// <summary>
/// Operations of a ring. The verb <c>uring</c> compares the same with a C program in paired rounds.
/// </summary>
[MemoryDiagnoser]
public class UringBenchmarks
{
    private const int Operations = 12_800;

    private IRingCase _case = null!;

    /// <summary>The case; nop16 is 16 NOPs with each submission.</summary>
    [Params("nop1", "nop16", "nop128", "pingpong", "read4k")]
    public string Case { get; set; } = "";

    // A ring belongs to the thread that made it, and BenchmarkDotNet runs set-up and work on one.
    [GlobalSetup]
    public void Create()
    {
        ReadFile.Make();
        _case = RingWork.Create(Case, ReadFile.Path);
    }

    [GlobalCleanup]
    public void Release() => _case.Dispose();

    [Benchmark(OperationsPerInvoke = Operations)]
    public void Run() => _case.Run(Operations);
}
