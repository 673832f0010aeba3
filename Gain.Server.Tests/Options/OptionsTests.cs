namespace Gain.Tests.Server;

public class OptionsTests
{
    private static readonly TestCaseData[] s_impossible =
    [
        Case(o => o.WorkerCount = 0, "WorkerCount", "0", "1 to 1,024"),
        Case(o => o.WorkerCount = 1_025, "WorkerCount", "1,025", "1 to 1,024"),
        Case(o => o.Limits.MaxConnections = 0, "Limits.MaxConnections", "0", "1 to 16,777,216"),
        Case(
            o => o.Limits.MaxConnectionsPerWorker = 65_537,
            "Limits.MaxConnectionsPerWorker",
            "65,537",
            "1 to 65,536, or null"),
        Case(
            o => o.Limits.MaxConnectionsPerAddress = -1,
            "Limits.MaxConnectionsPerAddress",
            "-1",
            "1 to 16,777,216, or null"),
        Case(o => o.Accepting.MaxPerSecond = -1, "Accepting.MaxPerSecond", "-1", "1 to 1,000,000, or null"),
        Case(
            o => o.Accepting.FarewellBytes = new byte[4_097],
            "Accepting.FarewellBytes",
            "4,097 bytes",
            "0 to 4,096 bytes"),
        Case(
            o => o.Accepting.Farewell = new string('ä', 2_049),
            "Accepting.Farewell",
            "4,098 bytes",
            "0 to 4,096 bytes"),
        Case(
            o => (o.Accepting.Farewell, o.Accepting.FarewellBytes) = ("full", [0]),
            "Accepting.FarewellBytes",
            "set",
            "null where Farewell"),
        Case(
            o => o.Accepting.AllowedNetworks = ["::/0", "10/8"],
            "Accepting.AllowedNetworks[1]",
            "\"10/8\"",
            "10.0.0.0/8"),
        Case(
            o => o.Accepting.DeniedNetworks = ["10.0.0.1/8"],
            "Accepting.DeniedNetworks[0]",
            "\"10.0.0.1/8\"",
            "no bits set"),
        Case(
            o => o.Accepting.DeniedNetworks = ["010.0.0.0/8"],
            "Accepting.DeniedNetworks[0]",
            "\"010.0.0.0/8\"",
            "10.0.0.0/8"),
        Case(
            o => o.Accepting.DeniedNetworks = ["fe80::1%2/64"],
            "Accepting.DeniedNetworks[0]",
            "\"fe80::1%2/64\"",
            "fd00::/8"),
        Case(o => o.Accepting.AllowedNetworks = [""], "Accepting.AllowedNetworks[0]", "\"\"", "a network"),
        Case(
            o => o.Accepting.AtConnectionLimit = (ConnectionLimitPolicy)7,
            "Accepting.AtConnectionLimit",
            "7",
            "one of Refuse, StopAccepting"),
        Case(
            o => o.Timeouts.FirstByte = TimeSpan.FromDays(25),
            "Timeouts.FirstByte",
            "25.00:00:00",
            "a time above 0, up to 24.00:00:00"),
        Case(
            o => o.Timeouts.Idle = -TimeSpan.FromSeconds(1),
            "Timeouts.Idle",
            "-00:00:01",
            "a time above 0, up to 24.00:00:00"),
        Case(
            o => o.Timeouts.Send = TimeSpan.FromDays(25),
            "Timeouts.Send",
            "25.00:00:00",
            "a time above 0, up to 24.00:00:00"),
        Case(
            o => o.Timeouts.Lifetime = TimeSpan.FromDays(25),
            "Timeouts.Lifetime",
            "25.00:00:00",
            "a time above 0, up to 24.00:00:00"),
        Case(
            o => o.Timeouts.Hold = TimeSpan.FromDays(25),
            "Timeouts.Hold",
            "25.00:00:00",
            "a time above 0, up to 24.00:00:00"),
        Case(o => o.Limits.MaxOffloads = 0, "Limits.MaxOffloads", "0", "1 to 1,024"),
        Case(o => o.Limits.MaxMessagesWaiting = 0, "Limits.MaxMessagesWaiting", "0", "1 to 1,048,576"),
        Case(o => o.Limits.MaxOffloadsWaiting = -1, "Limits.MaxOffloadsWaiting", "-1", "0 to 1,048,576"),
        Case(o => o.Limits.MaxHoldsPerWorker = 0, "Limits.MaxHoldsPerWorker", "0", "1 to 1,048,576"),
        Case(
            o => o.Buffers.RingEntries = 1_000,
            "Buffers.RingEntries",
            "1,000",
            "a power of two from 8 to 32,768"),
        Case(
            o => o.Buffers.ReceiveBufferCount = 3,
            "Buffers.ReceiveBufferCount",
            "3",
            "a power of two from 2 to 32,768"),
        Case(o => o.Buffers.MaxSplicePipes = -1, "Buffers.MaxSplicePipes", "-1", "0 to 4,096"),
        Case(o => o.Buffers.MaxSplicePipes = 4_097, "Buffers.MaxSplicePipes", "4,097", "0 to 4,096"),
        Case(o => o.Buffers.ReceiveBufferBytes = 63, "Buffers.ReceiveBufferBytes", "63", "64 to 1,048,576"),
        Case(o => o.Datagrams.BufferBytes = 63, "Datagrams.BufferBytes", "63", "64 to 1,048,576"),
        Case(
            o => o.Datagrams.BufferCount = 1,
            "Datagrams.BufferCount",
            "1",
            "a power of two from 2 to 32,768"),
        Case(
            o => o.Datagrams.MaxBacklogBytes = 65_536,
            "Datagrams.MaxBacklogBytes",
            "65,536",
            "131,072 to 1,073,741,823"),
        Case(
            o => o.Datagrams.MaxDialledPerWorker = 0,
            "Datagrams.MaxDialledPerWorker",
            "0",
            "1 to 65,536"),
        Case(o => o.Accepting.Backlog = -1, "Accepting.Backlog", "-1", "1 to 1,048,576"),
        Case(
            o => o.Timeouts.BindRetry = TimeSpan.FromMinutes(2),
            "Timeouts.BindRetry",
            "00:02:00",
            "0 to 00:01:00"),
        Case(
            o => o.Limits.OutboundHighWatermarkBytes = 0,
            "Limits.OutboundHighWatermarkBytes",
            "0",
            "1 to 1,073,741,823"),
        Case(
            o => o.Limits.OutboundLowWatermarkBytes = 1 << 20,
            "Limits.OutboundLowWatermarkBytes",
            "1,048,576",
            "0 to 1,048,575"),
        Case(
            o => o.Limits.MaxOutboundBytes = 1_000,
            "Limits.MaxOutboundBytes",
            "1,000",
            "1,048,576 to 1,073,741,823"),
        Case(
            o => o.Limits.SlowReaders = (SlowReaderPolicy)9,
            "Limits.SlowReaders",
            "9",
            "one of PauseReading, DropWrites, Close"),
        Case(
            o => o.Architecture = (GainArchitecture)2, "Architecture", "2", "one of Sharding, Reactor"),
        Case(
            o => (o.Architecture, o.Balancing) = (GainArchitecture.Reactor, (GainBalancing)9),
            "Balancing",
            "9",
            "one of RoundRobin, LeastConnections, SourceIPHash"),
        Case(
            o => (o.Architecture, o.CpuAffinity, o.CpuSteering, o.WorkerCount) =
                (GainArchitecture.Reactor, true, CpuSteering.PacketFilter, 1),
            "CpuSteering",
            "PacketFilter",
            "None under Reactor"),
        Case(o => o.HandOverExcess = -1, "HandOverExcess", "-1", "1 to 16,777,216, or null"),
        Case(
            o => (o.Architecture, o.HandOverExcess) = (GainArchitecture.Reactor, 1_000),
            "HandOverExcess",
            "1,000",
            "null under Reactor"),
        Case(
            o => o.Balancing = GainBalancing.LeastConnections,
            "Balancing",
            "LeastConnections",
            "set GainOptions.Architecture to Reactor"),
        Case(
            o => (o.WorkerCount, o.Limits.MaxBufferedBytes) = (2, 5 << 20),
            "Limits.MaxBufferedBytes",
            "5,242,880",
            "8,388,608 to 1,099,511,627,776"),
        Case(
            o => o.SlowTurnWarning = TimeSpan.FromHours(2),
            "SlowTurnWarning",
            "02:00:00",
            "above 0, up to 01:00:00"),
        Case(o => o.Limits.MaxUnconsumedBytes = 0, "Limits.MaxUnconsumedBytes", "0", "1 to 536,870,911"),
        Case(
            o => o.Timeouts.Linger = TimeSpan.FromSeconds(-1),
            "Timeouts.Linger",
            "-00:00:01",
            "0 to 01:00:00"),
        Case(o => o.Timeouts.Drain = TimeSpan.FromDays(2), "Timeouts.Drain", "2.00:00:00", "0 to 1.00:00:00"),
        Case(
            o => o.Limits.MaxPostedBytesPerWorker = 0,
            "Limits.MaxPostedBytesPerWorker",
            "0",
            "1 to 1,073,741,823"),
        Case(o => o.NiceValue = -21, "NiceValue", "-21", "-20 to 19"),
        Case(
            o => o.CpuSteering = (CpuSteering)7,
            "CpuSteering",
            "7",
            "one of None, PacketFilter, IncomingCpu"),
        Case(
            o => o.CpuSteering = CpuSteering.PacketFilter,
            "CpuSteering",
            "PacketFilter without CpuAffinity",
            "CpuAffinity true"),
        Case(
            o => (o.CpuSteering, o.CpuAffinity, o.WorkerCount) = (CpuSteering.IncomingCpu, true, 1_000),
            "CpuSteering",
            $"IncomingCpu with 1000 workers on {Environment.ProcessorCount} CPUs",
            "WorkerCount at most "),
        Case(
            o => o.Sockets.KeepAliveIdle = TimeSpan.FromSeconds(1.5),
            "Sockets.KeepAliveIdle",
            "00:00:01.5000000",
            "whole seconds, from 00:00:01 to 09:06:07"),
        Case(
            o => o.Sockets.KeepAliveInterval = TimeSpan.FromSeconds(32_768),
            "Sockets.KeepAliveInterval",
            "09:06:08",
            "whole seconds, from 00:00:01 to 09:06:07"),
        Case(o => o.Sockets.KeepAliveCount = 128, "Sockets.KeepAliveCount", "128", "1 to 127, or null"),
        Case(o => o.Sockets.KeepAliveCount = 5, "Sockets.KeepAliveIdle", "null", "1 to 32,767 s when"),
        Case(
            o => o.Sockets.ReceiveBufferBytes = -1,
            "Sockets.ReceiveBufferBytes",
            "-1",
            "1 to 1,073,741,823, or null"),
        Case(
            o => o.Sockets.SendBufferBytes = 1 << 30,
            "Sockets.SendBufferBytes",
            "1,073,741,824",
            "1 to 1,073,741,823, or null"),
        Case(
            o => o.Sockets.FastOpenQueue = 65_536, "Sockets.FastOpenQueue", "65,536", "1 to 65,535, or null"),
        Case(
            o => o.Sockets.DeferAccept = TimeSpan.FromHours(2),
            "Sockets.DeferAccept",
            "02:00:00",
            "whole seconds, from 00:00:01 to 01:00:00"),
        Case(
            o => o.Sockets.UserTimeout = TimeSpan.FromDays(25),
            "Sockets.UserTimeout",
            "25.00:00:00",
            "a time from 1 ms to 24."),
        Case(
            o => o.Limits.MailboxCapacity = 5,
            "Limits.MailboxCapacity",
            "5",
            "a power of two from 2 to 1,048,576"),
        Case(o => o.Sockets.Mark = 0, "Sockets.Mark", "0", "null for no mark"),
        Case(o => o.Sockets.DeferAccept = TimeSpan.Zero, "Sockets.DeferAccept", "00:00:00", "or null"),
        Case(o => o.Sockets.UserTimeout = TimeSpan.Zero, "Sockets.UserTimeout", "00:00:00", "or null"),
        Case(o => o.Timeouts.Idle = TimeSpan.Zero, "Timeouts.Idle", "00:00:00", "Timeout.InfiniteTimeSpan"),
        Case(o => o.Timeouts.Send = TimeSpan.Zero, "Timeouts.Send", "00:00:00", "Timeout.InfiniteTimeSpan"),
        Case(
            o => o.Timeouts.HalfClose = TimeSpan.Zero,
            "Timeouts.HalfClose",
            "00:00:00",
            "Timeout.InfiniteTimeSpan"),
        Case(o => o.SlowTurnWarning = TimeSpan.Zero, "SlowTurnWarning", "00:00:00", "InfiniteTimeSpan"),
        Case(o => o.Accepting.MaxPerSecond = 0, "Accepting.MaxPerSecond", "0", "or null"),
        Case(
            o => o.Timeouts.Linger = Timeout.InfiniteTimeSpan,
            "Timeouts.Linger",
            "-00:00:00.0010000",
            "a time from 0 to 01:00:00"),
    ];

    [TestCaseSource(nameof(s_impossible))]
    public void Impossible_value_is_refused_with_option_value_and_range(
        GainOptions options, string name, string value, string range)
    {
        GainException refused = Assert.Throws<GainException>(
            () => GainServer.Start(new EchoProtocol(), "tcp://127.0.0.1:0", options))!;
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.OptionInvalid));
        Assert.That(refused.Message, Does.Contain($"GainOptions.{name} is {value},").And.Contain(range));
    }

    [Test]
    public void Every_numeric_option_has_a_case_above()
    {
        string[] numeric =
        [
            .. Numeric(typeof(GainOptions)),
            .. ConfigurationPlan.Groups(typeof(GainOptions))
                .SelectMany(group => Numeric(group.PropertyType).Select(name => $"{group.Name}.{name}")),
        ];
        Assert.That(numeric, Has.Length.AtLeast(40));
        Assert.That(
            s_impossible.Select(c => c.Arguments[1]).Distinct(), Is.SupersetOf(numeric));
    }

    [Test]
    public async Task Options_changed_after_the_start_change_nothing()
    {
        var options = new GainOptions { WorkerCount = 2 };
        await using GainServer server = GainServer.Start(new EchoProtocol(), "tcp://127.0.0.1:0", options);
        options.WorkerCount = 1;
        Assert.That(server.WorkerCount, Is.EqualTo(2));
    }

    private static IEnumerable<string> Numeric(Type options) => options.GetProperties()
        .Where(p => (Nullable.GetUnderlyingType(p.PropertyType) ?? p.PropertyType) is { } plain
            && (plain == typeof(int) || plain == typeof(long) || plain == typeof(uint)
                || plain == typeof(TimeSpan)))
        .Select(p => p.Name);

    private static TestCaseData Case(Action<GainOptions> set, string name, string value, string range)
    {
        var options = new GainOptions();
        set(options);
        return new TestCaseData(options, name, value, range);
    }
}
