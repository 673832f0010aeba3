using System.Numerics;
using Gain.Kernel;

namespace Gain.Sockets;

/// <summary>Which CPUs the process may use, and pinning a worker's thread to one of them.</summary>
/// <remarks>Masks are arrays of 64 CPUs a word; the lowest bit of word 0 is CPU 0.</remarks>
internal static class CpuAffinity
{
    private const int CpusPerWord = 64;

    // 1,024 CPUs, as in glibc's cpu_set_t; then doubled, as the kernel says only "too small" (EINVAL).
    private const int FirstWords = 1024 / CpusPerWord;

    // 2²⁰ CPUs: far more than any kernel is built for, so EINVAL there means something else.
    private const int MaxWords = 1024 * 1024 / CpusPerWord;

    /// <summary>The CPUs that the process may use, ascending: those of its main thread.</summary>
    /// <remarks>
    /// Containers, taskset and cpusets show here. A CPU quota does not: it limits time, not places.
    /// </remarks>
    internal static int[] GetProcessCpus() => GetCpus(mask => ReadMask(Environment.ProcessId, mask));

    /// <summary>The CPUs that the calling thread may use, ascending.</summary>
    internal static int[] GetThreadCpus() => GetCpus(mask => ReadMask(thread: 0, mask));

    /// <summary>Moves the calling thread to one CPU, for good; it must be a thread of Gain's own.</summary>
    /// <exception cref="GainException">The process is not allowed on that CPU, or the CPU does not
    /// exist.</exception>
    internal static void PinThread(int cpu)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cpu);

        int result = cpu < MaxWords * CpusPerWord ? SetCpu(cpu) : -Errno.EINVAL;
        if (result == 0)
        {
            return;
        }
        if (result == -Errno.EINVAL)
        {
            throw new GainException(
                GainError.OptionInvalid,
                $"Cannot pin a worker to CPU {cpu}: this process may use {Format(GetProcessCpus())}. " +
                "Choose one of those, widen the mask (taskset, cpuset.cpus), or switch pinning off.",
                Errno.EINVAL);
        }
        throw GainException.ForSystemCall($"Cannot pin a worker to CPU {cpu}", -result);
    }

    /// <summary>CPU numbers as ranges: "CPUs 0-3,8".</summary>
    internal static string Format(ReadOnlySpan<int> cpus)
    {
        var ranges = new List<string>();
        for (int start = 0; start < cpus.Length;)
        {
            int end = start;
            while (end + 1 < cpus.Length && cpus[end + 1] == cpus[end] + 1)
            {
                end++;
            }
            ranges.Add(start == end ? $"{cpus[start]}" : $"{cpus[start]}-{cpus[end]}");
            start = end + 1;
        }
        return $"{(cpus.Length == 1 ? "CPU" : "CPUs")} {string.Join(',', ranges)}";
    }

    /// <summary>
    /// Reads a mask of a length that the kernel does not tell, by asking with longer ones.
    /// </summary>
    /// <param name="read">Fills the mask, which is zero; returns 0 or a negated errno.</param>
    internal static int[] GetCpus(Func<ulong[], int> read)
    {
        for (int words = FirstWords; ; words *= 2)
        {
            var mask = new ulong[words];
            int result = read(mask);
            if (result == 0)
            {
                return ToCpus(mask);
            }
            if (result != -Errno.EINVAL || words >= MaxWords)
            {
                throw GainException.ForSystemCall("Cannot read which CPUs the process may use", -result);
            }
        }
    }

    // SAFETY: the array is pinned for the call, and the kernel keeps no pointer to it.
    private static unsafe int ReadMask(int thread, ulong[] mask)
    {
        fixed (ulong* bits = mask)
        {
            return Libc.SchedGetAffinity(thread, (nuint)mask.Length * sizeof(ulong), bits);
        }
    }

    /// <summary>The numbers of the bits that are set, ascending.</summary>
    private static int[] ToCpus(ReadOnlySpan<ulong> mask)
    {
        var cpus = new List<int>();
        for (int word = 0; word < mask.Length; word++)
        {
            for (ulong rest = mask[word]; rest != 0; rest &= rest - 1)
            {
                cpus.Add(word * CpusPerWord + BitOperations.TrailingZeroCount(rest));
            }
        }
        return [.. cpus];
    }

    // SAFETY: the array is pinned for the call, and the kernel keeps no pointer to it.
    private static unsafe int SetCpu(int cpu)
    {
        // The kernel takes a longer mask than its own, so the size need only reach the CPU.
        var mask = new ulong[cpu / CpusPerWord + 1];
        mask[cpu / CpusPerWord] = 1UL << (cpu % CpusPerWord);
        fixed (ulong* bits = mask)
        {
            return Libc.SchedSetAffinity(thread: 0, (nuint)mask.Length * sizeof(ulong), bits);
        }
    }
}
