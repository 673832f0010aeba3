namespace Gain.Tests.Simulation.Outgoing;

/// <summary>Whole workers that dial again and keep connections, on a simulated kernel.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class OutgoingSimulationTests
{
    private const int SeedsAtOnce = 5_000;

    [TestCase(0)]
    [TestCase(SeedsAtOnce)]
    [TestCase(2 * SeedsAtOnce)]
    [TestCase(3 * SeedsAtOnce)]
    public void Nothing_goes_wrong_with_five_thousand_seeds_from(int first)
    {
        OutgoingResult[] all =
        [
            .. Enumerable.Range(first, SeedsAtOnce).Select(seed => OutgoingSimulator.Run((ulong)seed)),
        ];
        (string What, long Count)[] counts =
        [
            ("dials and rents", all.Sum(one => one.Undertakings)),
            ("connections", all.Sum(one => one.Connected)),
            ("failed connects", all.Sum(one => one.Failed)),
            ("hits", all.Sum(one => one.Hits)),
            ("closed by their peer", all.Sum(one => one.ClosedByPeer)),
            ("closed by time", all.Sum(one => one.ClosedByTime)),
            ("closed by the limit", all.Sum(one => one.ClosedByLimit)),
            ("closed for room", all.Sum(one => one.ClosedForRoom)),
        ];
        TestContext.Out.WriteLine(string.Join(", ", counts.Select(one => $"{one.Count:N0} {one.What}")));
        Assert.Multiple(() =>
        {
            foreach ((string what, long count) in counts)
            {
                Assert.That(count, Is.GreaterThan(SeedsAtOnce / 20), $"next to none: {what}");
            }
        });
    }

    [Test]
    public void A_seed_means_the_same_every_time()
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            OutgoingResult first = OutgoingSimulator.Run(seed);
            Assert.That(OutgoingSimulator.Run(seed), Is.EqualTo(first), $"seed {seed}");
        }
    }
}
