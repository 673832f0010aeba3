using Gain.Tests.Server;

namespace Gain.Tests.Parity;

/// <summary>A test of what the original offers, over each ring and in both architectures.</summary>
[TestFixture(GainRing.Uring, GainArchitecture.Sharding)]
[TestFixture(GainRing.Uring, GainArchitecture.Reactor)]
[TestFixture(GainRing.Epoll, GainArchitecture.Sharding)]
[TestFixture(GainRing.Epoll, GainArchitecture.Reactor)]
public abstract class ParityTest(GainRing ring, GainArchitecture architecture) : ServerTestBase(ring)
{
    private protected static readonly byte[] s_data = Clients.Pattern(512, 97);

    [TearDown]
    public void RequireNoFaults() =>
        Assert.That(Servers.Sum(server => server.Statistics.HandlerFaults), Is.Zero, "callbacks threw");

    private protected override void Configure(GainOptions options) => options.Architecture = architecture;

    /// <summary>As many workers as the original's tests have.</summary>
    private protected static GainOptions FourWorkers() => new() { WorkerCount = 4 };
}
