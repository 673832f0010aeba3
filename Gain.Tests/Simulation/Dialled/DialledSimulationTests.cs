namespace Gain.Tests.Simulation.Dialled;

/// <summary>Whole workers that dial sockets for datagrams, on a simulated kernel.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class DialledSimulationTests
{
    private const int SeedsAtOnce = 2_000;

    [TestCase(0)]
    [TestCase(SeedsAtOnce)]
    [TestCase(2 * SeedsAtOnce)]
    public void Nothing_goes_wrong_with_two_thousand_seeds_from(int first)
    {
        DialledResult[] all =
        [
            .. Enumerable.Range(first, SeedsAtOnce).Select(seed => DialledSimulator.Run((ulong)seed)),
        ];
        int[] reasons = new int[6];
        foreach (DialledResult one in all)
        {
            int[] counts = [.. one.Reasons.Split(' ').Select(static text => int.Parse(text, null))];
            for (int i = 0; i < reasons.Length; i++)
            {
                reasons[i] += counts[i];
            }
        }

        TestContext.Out.WriteLine(
            $"{all.Sum(one => one.Dials):N0} dials, {all.Sum(one => one.Delivered):N0} delivered, "
            + $"{all.Sum(one => one.Sent):N0} sent, {all.Sum(one => one.Strangers):N0} of strangers, "
            + $"{all.Sum(one => one.Starvations):N0} starvations; ends from Local on: "
            + string.Join(", ", reasons));
        Assert.That(all.Sum(one => one.Delivered), Is.GreaterThan(5 * SeedsAtOnce));
        Assert.That(all.Sum(one => one.Sent), Is.GreaterThan(5 * SeedsAtOnce));
        Assert.That(all.Sum(one => one.Strangers), Is.GreaterThan(SeedsAtOnce / 20));
        Assert.That(all.Sum(one => one.Starvations), Is.GreaterThan(SeedsAtOnce / 20));
        Assert.That(reasons, Has.All.GreaterThan(SeedsAtOnce / 20), "next to none of a reason");
    }

    [Test]
    public void A_seed_means_the_same_every_time()
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            DialledResult first = DialledSimulator.Run(seed);
            Assert.That(DialledSimulator.Run(seed), Is.EqualTo(first), $"seed {seed}");
        }
    }
}
