namespace Gain.Tests.Server;

// The tests of servers in which completions pile up, on a ring that hands out one of each operation at a time
// and holds the others back: what it does, for longer runs, on kernels that do not limit them.

public class HeldBackEchoTests(GainRing ring) : EchoTests(ring)
{
    [OneTimeSetUp]
    public void RequireUring() => HeldBack.Require(Ring);

    private protected override void Configure(GainOptions options) => HeldBack.Configure(options);
}

public class HeldBackStopTests(GainRing ring) : StopTests(ring)
{
    [OneTimeSetUp]
    public void RequireUring() => HeldBack.Require(Ring);

    private protected override void Configure(GainOptions options) => HeldBack.Configure(options);
}

public class HeldBackConnectionTests(GainRing ring) : ConnectionTests(ring)
{
    [OneTimeSetUp]
    public void RequireUring() => HeldBack.Require(Ring);

    private protected override void Configure(GainOptions options) => HeldBack.Configure(options);
}

public class HeldBackReactorTests(GainRing ring) : ReactorTests(ring)
{
    [OneTimeSetUp]
    public void RequireUring() => HeldBack.Require(Ring);

    private protected override void Configure(GainOptions options) => HeldBack.Configure(options);
}

public class HeldBackCoupleTests(GainRing ring) : Dialling.CoupleTests(ring)
{
    [OneTimeSetUp]
    public void RequireUring() => HeldBack.Require(Ring);

    private protected override void Configure(GainOptions options) => HeldBack.Configure(options);
}

public class HeldBackHalfCloseTests(GainRing ring) : Dialling.HalfCloseTests(ring)
{
    [OneTimeSetUp]
    public void RequireUring() => HeldBack.Require(Ring);

    private protected override void Configure(GainOptions options) => HeldBack.Configure(options);
}

internal static class HeldBack
{
    /// <summary>Leaves the tests out where there is nothing to test.</summary>
    public static void Require(GainRing ring)
    {
        if (ring == GainRing.Epoll)
        {
            Assert.Ignore("The epoll ring holds nothing back: it makes a few completions at a time.");
        }
    }

    public static void Configure(GainOptions options) => options.LongestRun = 1;
}
