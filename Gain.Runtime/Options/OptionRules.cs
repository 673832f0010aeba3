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
        Check(options.Workers, 1, 1_024);
        ValidateArchitecture(options);
        ValidatePlacing(options);
        Check(options.MaxConnections, 1, Bounds.MaxSlots);
        Check(options.MaxConnectionsPerWorker, 0, options.MaxConnections);
        Check(options.MaxConnectionsPerAddress, 0, Bounds.MaxSlots);
        Check(options.MaxAcceptsPerSecond, 0, 1_000_000);
        options.ValidateAdmission();
        CheckDefined(options.AtConnectionLimit);
        CheckDefined(options.Ring);
        CheckPowerOfTwo(options.RingEntries, 8, 32_768);
        CheckPowerOfTwo(options.BufferCount, 2, 32_768);
        Check(options.BufferBytes, 64, 1 << 20);
        ValidateDatagrams(options);
        Check(options.Backlog, 1, 1 << 20);
        Check(options.BindRetryTimeout, TimeSpan.FromMinutes(1));
        if (options.UnixSocketMode is { } mode && (mode & ~Permissions) != 0)
        {
            throw Invalid(nameof(options.UnixSocketMode), $"{mode}", "made of read, write and execute bits");
        }

        Check(options.OutboundHighWatermarkBytes, 1, (1 << 30) - 1);
        int highest = options.OutboundHighWatermarkBytes - 1;
        Check(options.OutboundLowWatermarkBytes, 0, highest);
        Check(options.MaxOutboundBytes, options.OutboundHighWatermarkBytes, (1 << 30) - 1);
        CheckDefined(options.SlowReaders);
        Check(options.MaxUnconsumedBytes, 1, (1 << 29) - 1);
        Check(options.FirstByteTimeout, s_maxDeadline);
        Check(options.IdleTimeout, s_maxDeadline);
        Check(options.SendTimeout, s_maxDeadline);
        Check(options.MaxLifetime, s_maxDeadline);
        Check(options.HoldTimeout, s_maxDeadline);
        Check(options.MaxHoldsPerWorker, 1, 1 << 20);
        Check(options.LingerTimeout, TimeSpan.FromHours(1));
        Check(options.SlowTurnWarning, TimeSpan.FromHours(1));
        Check(options.DrainTimeout, TimeSpan.FromDays(1));
        CheckPowerOfTwo(options.MailboxCapacity, 2, 1 << 20);
        Check(options.MaxPostedBytesPerWorker, 1, (1 << 30) - 1);
        if (options.MaxBufferedBytes == 0)
        {
            // Knows of a container's limit, too.
            long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
            options.MaxBufferedBytes = Math.Max(options.Workers * MinBufferedBytesPerWorker, available / 4);
        }

        Check(options.MaxBufferedBytes, options.Workers * MinBufferedBytesPerWorker, 1L << 40);
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
        Check(options.HandOverExcess, 0, Bounds.MaxSlots);
        if (options.Architecture == GainArchitecture.Reactor && options.CpuSteering != CpuSteering.None)
        {
            throw Invalid(
                nameof(options.CpuSteering),
                $"{options.CpuSteering}",
                "None under Reactor, where one thread accepts for all CPUs; steer with Sharding");
        }

        if (options.Architecture == GainArchitecture.Reactor && options.HandOverExcess != 0)
        {
            throw Invalid(
                nameof(options.HandOverExcess),
                $"{options.HandOverExcess:N0}",
                "0 under Reactor, where the acceptor balances; GainOptions.Balancing says how");
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
        Check(options.DatagramBufferBytes, 64, 1 << 20);
        CheckPowerOfTwo(options.DatagramBufferCount, 2, 32_768);
        Check(options.MaxDatagramBacklogBytes, 128 << 10, (1 << 30) - 1);
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
    /// <param name="name">The option, or the expression that it was read by.</param>
    /// <param name="value">Its value.</param>
    /// <param name="range">What it must be.</param>
    public static GainException Invalid(string name, string value, string range) =>
        new(
            GainError.OptionInvalid,
            $"GainOptions.{name[(name.LastIndexOf('.') + 1)..]} is {value}, but must be {range}.");
}
