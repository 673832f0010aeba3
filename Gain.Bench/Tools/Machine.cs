using System.Globalization;
using System.Runtime.InteropServices;

namespace Gain.Bench.Tools;

/// <summary>What a figure is worth nothing without: when and on what it was measured.</summary>
/// <param name="Date">The day, as yyyy-mm-dd.</param>
/// <param name="Kernel">The kernel's release.</param>
/// <param name="Cpu">The processor's model.</param>
/// <param name="Cpus">How many of it this process may use.</param>
/// <param name="Runtime">The .NET runtime of this program; a NativeAOT server carries its own.</param>
internal sealed record Machine(string Date, string Kernel, string Cpu, int Cpus, string Runtime)
{
    public static Machine Describe() => new(
        DateTime.Now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        CpuModel(),
        Environment.ProcessorCount,
        RuntimeInformation.FrameworkDescription);

    public override string ToString() => $"{Date}, Linux {Kernel}, {Cpu} ({Cpus} CPUs), {Runtime}";

    // Arm kernels name no model; the architecture has to do.
    private static string CpuModel() =>
        File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            ?.Split(':', 2)[1].Trim()
        ?? RuntimeInformation.ProcessArchitecture.ToString();
}
