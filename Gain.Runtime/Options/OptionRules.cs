using System.Numerics;
using System.Runtime.CompilerServices;

namespace Gain;

/// <summary>What options may be, and what is said of those that are not.</summary>
internal static class OptionRules
{
    private const long MinBufferedBytesPerWorker = 4 << 20;

    // Set-user-id and its like mean nothing on a socket.
    private const UnixFileMode Permissions = (UnixFileMode)0x1FF;

    private static readonly TimeSpan s_maxDeadline = TimeSpan.FromMilliseconds(Bounds.MaxTimerMs);

    /// <summary>Checks all, and sets what depends on the machine.</summary>
    /// <exception cref="GainException">An option is invalid; the message names it.</exception>
    public static void Validate(GainOptions options)
    {
        Check(options.WorkerCount, 1, 1_024);
        ValidateArchitecture(options);
        ValidatePlacing(options);
        Check(options.Limits.MaxConnections, 1, Bounds.MaxSlots);
        CheckLimit(options.Limits.MaxConnectionsPerWorker, options.Limits.MaxConnections);
        CheckLimit(options.Limits.MaxConnectionsPerAddress, Bounds.MaxSlots);
        CheckLimit(options.Accepting.MaxPerSecond, 1_000_000);
        options.Accepting.Validate();
        CheckDefined(options.Accepting.AtConnectionLimit);
        CheckDefined(options.Ring);
        CheckPowerOfTwo(options.Buffers.RingEntries, 8, 32_768);
        CheckPowerOfTwo(options.Buffers.ReceiveBufferCount, 2, 32_768);
        Check(options.Buffers.ReceiveBufferBytes, 64, 1 << 20);
        Check(options.Buffers.MaxSplicePipes, 0, 4_096);
        ValidateDatagrams(options);
        Check(options.Accepting.Backlog, 1, 1 << 20);
        Check(options.Timeouts.BindRetry, TimeSpan.FromMinutes(1));
        if (options.Accepting.UnixSocketMode is { } mode && (mode & ~Permissions) != 0)
        {
            throw Invalid("Accepting.UnixSocketMode", $"{mode}", "made of read, write and execute bits");
        }

        Check(options.Limits.OutboundHighWatermarkBytes, 1, (1 << 30) - 1);
        int highest = options.Limits.OutboundHighWatermarkBytes - 1;
        Check(options.Limits.OutboundLowWatermarkBytes, 0, highest);
        Check(options.Limits.MaxOutboundBytes, options.Limits.OutboundHighWatermarkBytes, (1 << 30) - 1);
        CheckDefined(options.Limits.SlowReaders);
        Check(options.Limits.MaxUnconsumedBytes, 1, (1 << 29) - 1);
        CheckLimit(options.Timeouts.FirstByte, s_maxDeadline);
        CheckLimit(options.Timeouts.Idle, s_maxDeadline);
        CheckLimit(options.Timeouts.Send, s_maxDeadline);
        CheckLimit(options.Timeouts.Lifetime, s_maxDeadline);
        CheckLimit(options.Timeouts.Hold, s_maxDeadline);
        CheckLimit(options.Timeouts.HalfClose, s_maxDeadline);
        Check(options.Limits.MaxHoldsPerWorker, 1, 1 << 20);
        Check(options.Limits.MaxOffloads, 1, 1_024);
        Check(options.Limits.MaxOffloadsWaiting, 0, 1 << 20);
        Check(options.Limits.MaxMessagesWaiting, 1, 1 << 20);
        Check(options.Timeouts.Linger, TimeSpan.FromHours(1));
        CheckLimit(options.SlowTurnWarning, TimeSpan.FromHours(1));
        Check(options.Timeouts.Drain, TimeSpan.FromDays(1));
        CheckPowerOfTwo(options.Limits.MailboxCapacity, 2, 1 << 20);
        Check(options.Limits.MaxPostedBytesPerWorker, 1, (1 << 30) - 1);
        // What is available knows of a container's limit, too.
        long least = options.WorkerCount * MinBufferedBytesPerWorker;
        options.Limits.MaxBufferedBytes ??=
            Math.Max(least, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);
        Check(options.Limits.MaxBufferedBytes.Value, least, 1L << 40, "Limits.MaxBufferedBytes");
    }

    private static void ValidatePlacing(GainOptions options)
    {
        if (options.NiceValue is int nice)
        {
            Check(nice, -20, 19, nameof(options.NiceValue));
        }

        CheckDefined(options.CpuSteering);
        if (options.CpuSteering == CpuSteering.None)
        {
            return;
        }

        if (!options.CpuAffinity)
        {
            throw Invalid(
                nameof(options.CpuSteering),
                $"{options.CpuSteering} without CpuAffinity",
                "None, or CpuAffinity true: else the workers move from CPU to CPU");
        }
    }

    private static void ValidateArchitecture(GainOptions options)
    {
        CheckLimit(options.HandOverExcess, Bounds.MaxSlots);
        if (options.Architecture == GainArchitecture.Reactor && options.CpuSteering != CpuSteering.None)
        {
            throw Invalid(
                nameof(options.CpuSteering),
                $"{options.CpuSteering}",
                "None under Reactor, where one thread accepts for all CPUs; steer with Sharding");
        }

        if (options.Architecture == GainArchitecture.Reactor && options.HandOverExcess is not null)
        {
            throw Invalid(
                nameof(options.HandOverExcess),
                $"{options.HandOverExcess:N0}",
                "null under Reactor, where the acceptor balances; GainOptions.Balancing says how");
        }

        CheckDefined(options.Architecture);
        CheckDefined(options.Balancing);
        if (options.Architecture == GainArchitecture.Sharding
            && options.Balancing != GainBalancing.RoundRobin)
        {
            throw Invalid(
                nameof(options.Balancing),
                $"{options.Balancing}",
                "RoundRobin, its default, under Sharding, where the kernel picks the worker. To balance, set "
                + "GainOptions.Architecture to Reactor");
        }
    }

    /// <summary>Checks that a balancer of the user's may be used.</summary>
    public static void CheckCustomBalancer(GainOptions options, Type balancer)
    {
        if (options.Architecture != GainArchitecture.Reactor)
        {
            throw Invalid(
                nameof(options.Architecture),
                $"{options.Architecture}",
                $"Reactor for the balancer {balancer.Name} to be asked, or start without one");
        }

        if (options.Balancing != GainBalancing.RoundRobin)
        {
            throw Invalid(
                nameof(options.Balancing),
                $"{options.Balancing}",
                $"left at its default when the balancer {balancer.Name} is given, which picks instead");
        }
    }

    private static void ValidateDatagrams(GainOptions options)
    {
        Check(options.Datagrams.BufferBytes, 64, 1 << 20);
        CheckPowerOfTwo(options.Datagrams.BufferCount, 2, 32_768);
        Check(options.Datagrams.MaxBacklogBytes, 128 << 10, (1 << 30) - 1);
        Check(options.Datagrams.MaxDialledPerWorker, 1, 1 << 16);
    }

    /// <summary>Checks a time, from 0 on.</summary>
    /// <exception cref="GainException">It is not in the range.</exception>
    public static void Check(
        TimeSpan value, TimeSpan max, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value < TimeSpan.Zero || value > max)
        {
            throw Invalid(name, $"{value}", $"a time from 0 to {max}");
        }
    }

    /// <summary>Checks a time that may be infinite, and may not be 0.</summary>
    private static void CheckLimit(
        TimeSpan value, TimeSpan max, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value != Timeout.InfiniteTimeSpan && (value <= TimeSpan.Zero || value > max))
        {
            throw Invalid(
                name, $"{value}", $"a time above 0, up to {max}, or Timeout.InfiniteTimeSpan for no limit");
        }
    }

    /// <summary>Checks a number that may be left out, and counts from 1.</summary>
    private static void CheckLimit(
        int? value, int max, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value < 1 || value > max)
        {
            throw Invalid(name, $"{value:N0}", $"1 to {max:N0}, or null for no limit");
        }
    }

    private static void Check(
        long value, long min, long max, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value < min || value > max)
        {
            throw Invalid(name, $"{value:N0}", $"{min:N0} to {max:N0}");
        }
    }

    private static void CheckDefined<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw Invalid(name, $"{value}", $"one of {string.Join(", ", Enum.GetNames<T>())}");
        }
    }

    private static void CheckPowerOfTwo(
        int value, int min, int max, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value < min || value > max || !BitOperations.IsPow2(value))
        {
            throw Invalid(name, $"{value:N0}", $"a power of two from {min:N0} to {max:N0}");
        }
    }

    /// <summary>What is thrown for an option: its name, its value, and what is allowed.</summary>
    /// <param name="name">The option with its group, or the expression that it was read by.</param>
    /// <param name="value">Its value.</param>
    /// <param name="range">What it must be.</param>
    public static GainException Invalid(string name, string value, string range) =>
        new(GainError.OptionInvalid, $"{NameOf(name)} is {value}, but must be {range}.");

    // The reader knows options.Limits.MaxConnections as GainOptions.Limits.MaxConnections.
    private static string NameOf(string expression) =>
        "GainOptions." + expression[(expression.StartsWith("options.", StringComparison.Ordinal) ? 8 : 0)..];
}
