namespace Gain.Tests.Server;

public class OptionsTests
{
    private static readonly TestCaseData[] s_impossible =
    [
        Case(o => o.Workers = 0, "Workers", "0", "1 to 1,024"),
        Case(o => o.Workers = 1_025, "Workers", "1,025", "1 to 1,024"),
        Case(o => o.MaxConnections = 0, "MaxConnections", "0", "1 to 16,777,216"),
        Case(o => o.MaxConnectionsPerWorker = 65_537, "MaxConnectionsPerWorker", "65,537", "0 to 65,536"),
        Case(o => o.MaxConnectionsPerAddress = -1, "MaxConnectionsPerAddress", "-1", "0 to 16,777,216"),
        Case(o => o.MaxAcceptsPerSecond = -1, "MaxAcceptsPerSecond", "-1", "0 to 1,000,000"),
        Case(o => o.FarewellBytes = new byte[4_097], "FarewellBytes", "4,097 bytes", "0 to 4,096 bytes"),
        Case(o => o.Farewell = new string('ä', 2_049), "Farewell", "4,098 bytes", "0 to 4,096 bytes"),
        Case(
            o => (o.Farewell, o.FarewellBytes) = ("full", [0]),
            "FarewellBytes",
            "set",
            "null where Farewell"),
        Case(o => o.AllowedNetworks = ["::/0", "10/8"], "AllowedNetworks[1]", "\"10/8\"", "10.0.0.0/8"),
        Case(o => o.DeniedNetworks = ["10.0.0.1/8"], "DeniedNetworks[0]", "\"10.0.0.1/8\"", "no bits set"),
        Case(o => o.DeniedNetworks = ["010.0.0.0/8"], "DeniedNetworks[0]", "\"010.0.0.0/8\"", "10.0.0.0/8"),
        Case(o => o.DeniedNetworks = ["fe80::1%2/64"], "DeniedNetworks[0]", "\"fe80::1%2/64\"", "fd00::/8"),
        Case(o => o.AllowedNetworks = [""], "AllowedNetworks[0]", "\"\"", "a network"),
        Case(
            o => o.AtConnectionLimit = (ConnectionLimitPolicy)7,
            "AtConnectionLimit",
            "7",
            "one of Refuse, StopAccepting"),
        Case(
            o => o.FirstByteTimeout = TimeSpan.FromDays(25), "FirstByteTimeout", "25.00:00:00", "0 to 24.00"),
        Case(o => o.IdleTimeout = -TimeSpan.FromSeconds(1), "IdleTimeout", "-00:00:01", "0 to 24.00:00:00"),
        Case(o => o.SendTimeout = TimeSpan.FromDays(25), "SendTimeout", "25.00:00:00", "0 to 24.00:00:00"),
        Case(o => o.MaxLifetime = TimeSpan.FromDays(25), "MaxLifetime", "25.00:00:00", "0 to 24.00:00:00"),
        Case(o => o.HoldTimeout = TimeSpan.FromDays(25), "HoldTimeout", "25.00:00:00", "0 to 24.00:00:00"),
        Case(o => o.MaxHoldsPerWorker = 0, "MaxHoldsPerWorker", "0", "1 to 1,048,576"),
        Case(o => o.RingEntries = 1_000, "RingEntries", "1,000", "a power of two from 8 to 32,768"),
        Case(o => o.BufferCount = 3, "BufferCount", "3", "a power of two from 2 to 32,768"),
        Case(o => o.BufferBytes = 63, "BufferBytes", "63", "64 to 1,048,576"),
        Case(o => o.DatagramBufferBytes = 63, "DatagramBufferBytes", "63", "64 to 1,048,576"),
        Case(o => o.DatagramBufferCount = 1, "DatagramBufferCount", "1", "a power of two from 2 to 32,768"),
        Case(
            o => o.MaxDatagramBacklogBytes = 65_536,
            "MaxDatagramBacklogBytes",
            "65,536",
            "131,072 to 1,073,741,823"),
        Case(o => o.Backlog = -1, "Backlog", "-1", "1 to 1,048,576"),
        Case(
            o => o.BindRetryTimeout = TimeSpan.FromMinutes(2),
            "BindRetryTimeout",
            "00:02:00",
            "0 to 00:01:00"),
        Case(o => o.OutboundHighWatermarkBytes = 0, "OutboundHighWatermarkBytes", "0", "1 to 1,073,741,823"),
        Case(
            o => o.OutboundLowWatermarkBytes = 1 << 20,
            "OutboundLowWatermarkBytes",
            "1,048,576",
            "0 to 1,048,575"),
        Case(o => o.MaxOutboundBytes = 1_000, "MaxOutboundBytes", "1,000", "1,048,576 to 1,073,741,823"),
        Case(
            o => o.SlowReaders = (SlowReaderPolicy)9,
            "SlowReaders",
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
            o => (o.Architecture, o.CpuAffinity, o.CpuSteering, o.Workers) =
                (GainArchitecture.Reactor, true, CpuSteering.PacketFilter, 1),
            "CpuSteering",
            "PacketFilter",
            "None under Reactor"),
        Case(o => o.HandOverExcess = -1, "HandOverExcess", "-1", "0 to 16,777,216"),
        Case(
            o => (o.Architecture, o.HandOverExcess) = (GainArchitecture.Reactor, 1_000),
            "HandOverExcess",
            "1,000",
            "0 under Reactor"),
        Case(
            o => o.Balancing = GainBalancing.LeastConnections,
            "Balancing",
            "LeastConnections",
            "set GainOptions.Architecture to Reactor"),
        Case(
            o => (o.Workers, o.MaxBufferedBytes) = (2, 5 << 20),
            "MaxBufferedBytes",
            "5,242,880",
            "8,388,608 to 1,099,511,627,776"),
        Case(o => o.SlowTurnWarning = TimeSpan.FromHours(2), "SlowTurnWarning", "02:00:00", "0 to 01:00:00"),
        Case(o => o.MaxUnconsumedBytes = 0, "MaxUnconsumedBytes", "0", "1 to 536,870,911"),
        Case(o => o.LingerTimeout = TimeSpan.FromSeconds(-1), "LingerTimeout", "-00:00:01", "0 to 01:00:00"),
        Case(o => o.DrainTimeout = TimeSpan.FromDays(2), "DrainTimeout", "2.00:00:00", "0 to 1.00:00:00"),
        Case(
            o => o.MaxPostedBytesPerWorker = 0, "MaxPostedBytesPerWorker", "0", "1 to 1,073,741,823"),
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
            o => (o.CpuSteering, o.CpuAffinity, o.Workers) = (CpuSteering.IncomingCpu, true, 1_000),
            "CpuSteering",
            $"IncomingCpu with 1000 workers on {Environment.ProcessorCount} CPUs",
            "Workers at most "),
        Case(
            o => o.Sockets.KeepAliveIdle = TimeSpan.FromSeconds(1.5),
            "Sockets.KeepAliveIdle",
            "00:00:01.5000000",
            "whole seconds, from 0 to 09:06:07"),
        Case(
            o => o.Sockets.KeepAliveInterval = TimeSpan.FromSeconds(32_768),
            "Sockets.KeepAliveInterval",
            "09:06:08",
            "whole seconds, from 0 to 09:06:07"),
        Case(o => o.Sockets.KeepAliveCount = 128, "Sockets.KeepAliveCount", "128", "0 to 127"),
        Case(o => o.Sockets.KeepAliveCount = 5, "Sockets.KeepAliveIdle", "0", "1 to 32,767 s when"),
        Case(
            o => o.Sockets.ReceiveBufferBytes = -1, "Sockets.ReceiveBufferBytes", "-1", "0 to 1,073,741,823"),
        Case(
            o => o.Sockets.SendBufferBytes = 1 << 30,
            "Sockets.SendBufferBytes",
            "1,073,741,824",
            "0 to 1,073,741,823"),
        Case(o => o.Sockets.FastOpenQueue = 65_536, "Sockets.FastOpenQueue", "65,536", "0 to 65,535"),
        Case(
            o => o.Sockets.DeferAccept = TimeSpan.FromHours(2),
            "Sockets.DeferAccept",
            "02:00:00",
            "whole seconds, from 0 to 01:00:00"),
        Case(
            o => o.Sockets.UserTimeout = TimeSpan.FromDays(25),
            "Sockets.UserTimeout",
            "25.00:00:00",
            "a time from 0 to 24."),
        Case(o => o.MailboxCapacity = 5, "MailboxCapacity", "5", "a power of two from 2 to 1,048,576"),
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
        string[] numeric = [.. Numeric(typeof(GainOptions)),
            .. Numeric(typeof(SocketSettings)).Select(name => $"Sockets.{name}")];
        Assert.That(
            s_impossible.Select(c => c.Arguments[1]).Distinct(), Is.SupersetOf(numeric));
    }

    [Test]
    public async Task Options_changed_after_the_start_change_nothing()
    {
        var options = new GainOptions { Workers = 2 };
        await using GainServer server = GainServer.Start(new EchoProtocol(), "tcp://127.0.0.1:0", options);
        options.Workers = 1;
        Assert.That(server.Workers, Is.EqualTo(2));
    }

    private static IEnumerable<string> Numeric(Type options) => options.GetProperties()
        .Where(p => p.PropertyType == typeof(int)
            || p.PropertyType == typeof(int?)
            || p.PropertyType == typeof(TimeSpan))
        .Select(p => p.Name);

    private static TestCaseData Case(Action<GainOptions> set, string name, string value, string range)
    {
        var options = new GainOptions();
        set(options);
        return new TestCaseData(options, name, value, range);
    }
}
