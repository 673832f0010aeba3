using Gain.Tests.Server;

namespace Gain.Tests.Parity;

/// <summary>A test of what the original offers, over each ring.</summary>
[TestFixture(GainRing.Uring)]
[TestFixture(GainRing.Epoll)]
public abstract class ParityTest(GainRing ring) : ServerTestBase(ring)
{
    private protected static readonly byte[] s_data = Clients.Pattern(512, 97);

    [TearDown]
    public void RequireNoFaults() =>
        Assert.That(Servers.Sum(server => server.Statistics.HandlerFaults), Is.Zero, "callbacks threw");

    /// <summary>As many workers as the original's tests have.</summary>
    private protected static GainOptions FourWorkers() => new() { Workers = 4 };
}
