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
        if (options.Workers > cpus)
        {
            throw OptionRules.Invalid(
                nameof(options.CpuSteering),
                $"{options.CpuSteering} with {options.Workers} workers on {cpus} CPUs",
                $"None, or Workers at most {cpus}: a CPU's packets can be led to one worker alone");
        }
    }

    /// <summary>Who is let in.</summary>
    public static AddressFilter MakeFilter(this GainOptions options) =>
        new(options.GetAllowedNetworks(), options.GetDeniedNetworks());

    /// <summary>The part of the (validated) options that one worker needs.</summary>
    public static WorkerSettings ForWorker(this GainOptions options, int index, int? cpu) => new(
        index,
        cpu,
        options.MaxConnectionsPerWorker == 0 ? options.MaxConnections : options.MaxConnectionsPerWorker,
        options.MailboxCapacity,
        new DeadlineSettings(
            Milliseconds(options.FirstByteTimeout),
            Milliseconds(options.IdleTimeout),
            Milliseconds(options.SendTimeout),
            Milliseconds(options.MaxLifetime),
            Milliseconds(options.LingerTimeout)),
        new AcceptSettings(
            options.AtConnectionLimit,
            options.GetFarewell(),
            options.AtConnectionLimit == ConnectionLimitPolicy.StopAccepting
                ? Math.Min(options.Backlog, MostParked)
                : 0),
        Milliseconds(options.SlowTurnWarning),
        ConnectionLimits.For(
            options.SlowReaders,
            options.OutboundHighWatermarkBytes,
            options.OutboundLowWatermarkBytes,
            options.MaxOutboundBytes,
            options.MaxUnconsumedBytes),
        new RingSettings(
            options.RingEntries, options.BufferCount, options.BufferBytes, Token.Pack(Operation.Wake, 0, 0))
        {
            DatagramBufferCount = options.DatagramBufferCount,
            DatagramBufferBytes = options.DatagramBufferBytes,
            LongestRun = options.LongestRun,
        })
    {
        Workers = options.Workers,
        Datagrams = ForDatagrams(options),
        PerWorker = options.GetPerWorkerFactories(),
        HandOverExcess = options.HandOverExcess,
        Sockets = options.Sockets,
        NiceValue = options.NiceValue,
        MaxPostedBytes = options.MaxPostedBytesPerWorker,
        MaxHolds = options.MaxHoldsPerWorker,
        HoldMs = Milliseconds(options.HoldTimeout),
    };

    /// <summary>The part of the (validated) options that the acceptor needs.</summary>
    public static AcceptorSettings ForAcceptor(this GainOptions options) => new(
        options.AtConnectionLimit == ConnectionLimitPolicy.StopAccepting,
        options.MaxConnections,
        options.MaxConnectionsPerWorker == 0 ? options.MaxConnections : options.MaxConnectionsPerWorker,
        AcceptorSettings.MostPending,
        options.Sockets,
        new RingSettings(
            Math.Min(options.RingEntries, AcceptorSettings.MostRingEntries),
            AcceptorSettings.FewestBuffers,
            AcceptorSettings.FewestBufferBytes,
            Token.Pack(Operation.Wake, 0, 0))
        {
            LongestRun = options.LongestRun,
        });

    private static DatagramSettings ForDatagrams(GainOptions options) => new(
        options.MaxDatagramBacklogBytes,
        options.DatagramReceiveOffload && options.DatagramBufferBytes >= DatagramOutbox.MaxIPv4Bytes,
        options.DatagramSendOffload);

    // A fraction of a millisecond is not none.
    private static long Milliseconds(TimeSpan time) => (long)Math.Ceiling(time.TotalMilliseconds);
}
