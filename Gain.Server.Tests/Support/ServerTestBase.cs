using Gain.CompilerServices;

namespace Gain.Tests.Server;

/// <summary>
/// A test of whole servers, over one ring. At its end every server has stopped by itself, and every
/// descriptor that the test opened is closed again: whatever a test does, nothing may leak.
/// </summary>
[NonParallelizable]
public abstract class ServerTestBase(GainRing ring)
{
    private readonly List<GainServer> _servers = [];
    private string[] _descriptorsBefore = [];

    [OneTimeSetUp]
    public void RequireRing() => RingAvailability.Require(ring);

    [SetUp]
    public void CountDescriptors()
    {
        _servers.Clear();
        _descriptorsBefore = Descriptors.OfGain();
    }

    [TearDown]
    public async Task StopServers()
    {
        foreach (GainServer server in _servers)
        {
            try
            {
                await server.StopAsync(TimeSpan.FromSeconds(1)).WaitAsync(Clients.Patience);
            }
            finally
            {
                Assert.That(server.ActiveConnections, Is.Zero, "connections past the stop");
            }

            GainStatistics statistics = server.Statistics;
            Assert.That(
                statistics.Closed,
                Is.EqualTo(statistics.Accepted + statistics.Connected),
                "OnClose once for each OnAccept and OnConnect");
            Assert.That(server.ConnectionsPerWorker, Has.All.Zero, "sockets past the stop");
            Assert.That(statistics.HeldOutboundBytes, Is.Zero, "bytes held past the stop");
        }

        Assert.That(Descriptors.OfGain(), Is.EqualTo(_descriptorsBefore), "rings and eventfds left open");
    }

    /// <summary>
    /// How long servers linger for clients that close nothing before the stop is over: no test waits the
    /// default, and what is sent has gone out before.
    /// </summary>
    private protected static readonly TimeSpan ShortLinger = TimeSpan.FromMilliseconds(100);

    private protected GainRing Ring => ring;

    /// <summary>The servers that the test has started.</summary>
    private protected IReadOnlyList<GainServer> Servers => _servers;

    /// <summary>
    /// Where servers listen: over other sockets, the same tests hold in fixtures derived from theirs.
    /// </summary>
    private protected virtual string Address => "tcp://127.0.0.1:0";

    /// <summary>Leaves a test out where servers listen on other sockets than TCP's.</summary>
    /// <param name="reason">What of TCP it is about.</param>
    private protected void RequireTcp(string reason)
    {
        if (!Address.StartsWith("tcp", StringComparison.Ordinal))
        {
            Assert.Ignore($"Not for Unix sockets: {reason}");
        }
    }

    /// <summary>Sets what all servers of a fixture have in common.</summary>
    private protected virtual void Configure(GainOptions options)
    {
    }

    private protected GainServer Start<TProtocol>(TProtocol prototype, GainOptions? options = null)
        where TProtocol : struct, IProtocol<TProtocol>
    {
        options ??= new GainOptions();
        options.Ring = ring;
        Configure(options);
        return Add(GainServer.Start(prototype, Address, options));
    }

    private protected GainServer Start<TProtocol, TBalancer>(
        TProtocol prototype, GainOptions options, TBalancer balancer)
        where TProtocol : struct, IProtocol<TProtocol>
        where TBalancer : struct, IBalancer
    {
        options.Ring = ring;
        Configure(options);
        return Add(GainServer.Listen(prototype, Address).Start(options, balancer));
    }

    /// <summary>
    /// Waits until every accepted connection is closed. One that no client waits for may still be in a listen
    /// queue while none is active, and two counters are not read at once: so they have to agree twice, with
    /// nothing accepted between.
    /// </summary>
    private protected static async Task<GainStatistics> AwaitAllClosedAsync(GainServer server)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        GainStatistics counted = server.Statistics;
        long seen = -1;
        while (server.ActiveConnections != 0
            || counted.Closed != counted.Accepted + counted.Connected
            || counted.Accepted != seen)
        {
            Assert.That(
                clock.Elapsed,
                Is.LessThan(Clients.Patience),
                $"{counted.Accepted} accepted, {counted.Closed} closed, {server.ActiveConnections} active");
            seen = counted.Accepted;
            await Task.Yield();
            counted = server.Statistics;
        }

        return counted;
    }

    private GainServer Add(GainServer server)
    {
        _servers.Add(server);
        return server;
    }

    private protected GainServer Start<TProtocol>(
        GainServerBuilder<TProtocol> builder, GainOptions? options = null)
        where TProtocol : struct, IProtocol<TProtocol>
    {
        options ??= new GainOptions();
        options.Ring = ring;
        Configure(options);
        GainServer server = builder.Start(options);
        _servers.Add(server);
        return server;
    }
}
