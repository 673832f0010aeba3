using Gain.CompilerServices;
using Gain.Datagrams;
using Gain.Rings;
using Gain.Slots;
using Gain.Sockets;
using Gain.Writing;

namespace Gain.Workers;

/// <summary>What the threads of a server are made from, read out of validated options.</summary>
internal static class ServerSettings
{
    private const int MostParked = 4_096;

    /// <summary>Checks what only the machine can say of the options.</summary>
    /// <exception cref="GainException">The machine has too few CPUs.</exception>
    public static void CheckPlacing(this GainOptions options)
    {
        if (options.CpuSteering == CpuSteering.None)
        {
            return;
        }

        int cpus = CpuAffinity.GetProcessCpus().Length;
        if (options.WorkerCount > cpus)
        {
            throw OptionRules.Invalid(
                nameof(options.CpuSteering),
                $"{options.CpuSteering} with {options.WorkerCount} workers on {cpus} CPUs",
                $"None, or WorkerCount at most {cpus}: a CPU's packets can be led to one worker alone");
        }
    }

    /// <summary>Who is let in.</summary>
    public static AddressFilter MakeFilter(this GainOptions options) =>
        new(options.Accepting.GetAllowedNetworks(), options.Accepting.GetDeniedNetworks());

    /// <summary>The part of the (validated) options that one worker needs.</summary>
    public static WorkerSettings ForWorker(this GainOptions options, int index, int? cpu) => new(
        index,
        cpu,
        options.Limits.MaxConnectionsPerWorker ?? options.Limits.MaxConnections,
        options.Limits.MailboxCapacity,
        new DeadlineSettings(
            Milliseconds(options.Timeouts.FirstByte),
            Milliseconds(options.Timeouts.Idle),
            Milliseconds(options.Timeouts.Send),
            Milliseconds(options.Timeouts.Lifetime),
            Milliseconds(options.Timeouts.Linger),
            Milliseconds(options.Timeouts.HalfClose)),
        new AcceptSettings(
            options.Accepting.AtConnectionLimit,
            options.Accepting.GetFarewell(),
            options.Accepting.AtConnectionLimit == ConnectionLimitPolicy.StopAccepting
                ? Math.Min(options.Accepting.Backlog, MostParked)
                : 0),
        Milliseconds(options.SlowTurnWarning),
        ConnectionLimits.For(
            options.Limits.SlowReaders,
            options.Limits.OutboundHighWatermarkBytes,
            options.Limits.OutboundLowWatermarkBytes,
            options.Limits.MaxOutboundBytes,
            options.Limits.MaxUnconsumedBytes),
        new RingSettings(
            options.Buffers.RingEntries,
            options.Buffers.ReceiveBufferCount,
            options.Buffers.ReceiveBufferBytes,
            Token.Pack(Operation.Wake, 0, 0))
        {
            DatagramBufferCount = options.Datagrams.BufferCount,
            DatagramBufferBytes = options.Datagrams.BufferBytes,
            LongestRun = options.LongestRun,
        })
    {
        Workers = options.WorkerCount,
        Datagrams = options.ForDatagrams(),
        Splices = new SpliceSettings(options.Buffers.MaxSplicePipes),
        PerWorker = options.GetPerWorkerFactories(),
        HandOverExcess = options.HandOverExcess ?? 0,
        Sockets = options.Sockets,
        NiceValue = options.NiceValue,
        MaxPostedBytes = options.Limits.MaxPostedBytesPerWorker,
        MaxHolds = options.Limits.MaxHoldsPerWorker,
        HoldMs = Milliseconds(options.Timeouts.Hold),
    };

    /// <summary>The part of the (validated) options that the acceptor needs.</summary>
    public static AcceptorSettings ForAcceptor(this GainOptions options) => new(
        options.Accepting.AtConnectionLimit == ConnectionLimitPolicy.StopAccepting,
        options.Limits.MaxConnections,
        options.Limits.MaxConnectionsPerWorker ?? options.Limits.MaxConnections,
        AcceptorSettings.MostPending,
        options.Sockets,
        new RingSettings(
            Math.Min(options.Buffers.RingEntries, AcceptorSettings.MostRingEntries),
            AcceptorSettings.FewestBuffers,
            AcceptorSettings.FewestBufferBytes,
            Token.Pack(Operation.Wake, 0, 0))
        {
            LongestRun = options.LongestRun,
        });

    /// <summary>How its workers receive and send datagrams.</summary>
    public static DatagramSettings ForDatagrams(this GainOptions options) => new(
        options.Datagrams.MaxBacklogBytes,
        options.Datagrams.ReceiveOffload && options.Datagrams.BufferBytes >= DatagramOutbox.MaxIPv4Bytes,
        options.Datagrams.SendOffload)
    {
        MostDialled = options.Datagrams.MaxDialledPerWorker,
    };

    /// <summary>0 is no limit to the engine; a fraction of a millisecond is one.</summary>
    public static long Milliseconds(TimeSpan time) =>
        time == Timeout.InfiniteTimeSpan ? 0 : (long)Math.Ceiling(time.TotalMilliseconds);
}
