namespace Gain.Tests.Simulation;

/// <summary>Whole workers on a simulated kernel; see the README beside.</summary>
[Parallelizable(ParallelScope.All)]
public class SimulationTests
{
    private const int SeedsInAll = 20_000;
    private const int SeedsAtOnce = 1_000;

    private static IEnumerable<int> FirstSeeds =>
        Enumerable.Range(0, SeedsInAll / SeedsAtOnce).Select(chunk => chunk * SeedsAtOnce);

    private static IEnumerable<ulong> Regressions => RegressionSeeds.All;

    [TestCaseSource(nameof(FirstSeeds))]
    public void Nothing_goes_wrong_with_a_thousand_seeds_from(int first)
    {
        long accepts = 0;
        long bytes = 0;
        for (int seed = first; seed < first + SeedsAtOnce; seed++)
        {
            SimulationResult result = Simulator.Run((ulong)seed);
            accepts += result.Accepts;
            bytes += result.BytesIn + result.BytesOut;
        }

        TestContext.Out.WriteLine($"{accepts:N0} connections, {bytes:N0} bytes");
        Assert.That(accepts, Is.GreaterThan(SeedsAtOnce), "the seeds simulate next to nothing");
    }

    [Test]
    public void No_answer_is_lost_that_another_thread_gives_later()
    {
        long accepts = 0;
        for (ulong seed = 0; seed < 10_000; seed++)
        {
            accepts += Simulator.Run(seed, plan: ProtocolPlan.Deferring).Accepts;
        }

        Assert.That(accepts, Is.GreaterThan(10_000), "the seeds simulate next to nothing");
    }

    [Test]
    public void Nothing_goes_wrong_with_sessions([Values(0, 1)] int plan, [Values(0, 2_000)] int first)
    {
        long accepts = 0;
        for (int seed = first; seed < first + 2_000; seed++)
        {
            accepts += Simulator.Run((ulong)seed, plan: ProtocolPlan.Sessions[plan]).Accepts;
        }

        Assert.That(accepts, Is.GreaterThan(2_000), "the seeds simulate next to nothing");
    }

    [Test]
    public void Session_does_the_same_alone_and_as_one_of_two([Values] bool isSecond)
    {
        Pairing pairing = isSecond ? Pairing.Second : Pairing.First;
        for (ulong seed = 0; seed < 500; seed++)
        {
            foreach (ProtocolPlan plan in ProtocolPlan.Sessions)
            {
                SimulationResult alone = Simulator.Run(seed, plan: plan);
                Assert.That(
                    Simulator.Run(seed, pairing: pairing, plan: plan), Is.EqualTo(alone), $"seed {seed}");
            }
        }
    }

    [Test]
    public void Nothing_goes_wrong_where_the_worker_dials_as_well([Values(0, 5_000)] int first)
    {
        long connects = 0;
        long accepts = 0;
        for (int seed = first; seed < first + 5_000; seed++)
        {
            SimulationResult result = Simulator.Run((ulong)seed, dials: true);
            connects += result.Connects;
            accepts += result.Accepts;
        }

        TestContext.Out.WriteLine($"{connects:N0} connects, {accepts:N0} connections");
        Assert.That(connects, Is.GreaterThan(5_000), "the seeds dial next to nothing");
    }

    [Test]
    public void Nothing_goes_wrong_where_the_worker_dials_names([Values(0, 5_000)] int first)
    {
        long connects = 0;
        long accepts = 0;
        for (int seed = first; seed < first + 5_000; seed++)
        {
            SimulationResult result = Simulator.Run((ulong)seed, names: true);
            connects += result.Connects;
            accepts += result.Accepts;
        }

        TestContext.Out.WriteLine($"{connects:N0} connects, {accepts:N0} connections");
        Assert.That(connects, Is.GreaterThan(6_000), "the seeds dial next to nothing");
    }

    [Test]
    public void Nothing_goes_wrong_where_protocols_end_their_side_and_read_on([Values] bool dials)
    {
        long accepts = 0;
        for (ulong seed = 0; seed < 5_000; seed++)
        {
            accepts += Simulator.Run(seed, plan: ProtocolPlan.HalfClosing, dials: dials).Accepts;
        }

        Assert.That(accepts, Is.GreaterThan(5_000), "the seeds simulate next to nothing");
    }

    [Test]
    public void Coupled_peers_are_sent_all_that_the_other_one_says([Values] bool dials)
    {
        int pairs = 0;
        int whole = 0;
        for (ulong seed = 0; seed < 6_000; seed++)
        {
            SimulationResult result = Simulator.Run(seed, plan: ProtocolPlan.Coupling, dials: dials);
            pairs += result.Couplings;
            whole += result.WholePairs;
        }

        TestContext.Out.WriteLine($"{pairs:N0} pairs, {whole:N0} of them whole");
        Assert.That(pairs, Is.GreaterThan(3_000), "the seeds couple next to nothing");
        Assert.That(whole, Is.GreaterThan(300), "next to no pair comes to its end in order");
    }

    [Test]
    public void Nothing_is_lost_where_the_kernel_moves_the_bytes_of_pairs([Values] bool dials)
    {
        int whole = 0;
        long spliced = 0;
        long copied = 0;
        for (ulong seed = 0; seed < 6_000; seed++)
        {
            SimulationResult result = Simulator.Run(seed, plan: ProtocolPlan.Splicing, dials: dials);
            whole += result.WholePairs;
            spliced += result.SplicedBytes;
            copied += result.UnsplicedBytes;
        }

        TestContext.Out.WriteLine($"{whole:N0} whole, {spliced:N0} bytes, {copied:N0} copied after all");
        Assert.That(whole, Is.GreaterThan(300), "next to no pair comes to its end in order");
        Assert.That(spliced, Is.GreaterThan(100_000), "the kernel moves next to nothing");
        Assert.That(copied, Is.GreaterThan(1_000), "next to nothing is left in pipes");
    }

    [TestCase(null)]
    [TestCase("upgrades")]
    [TestCase("half-closes")]
    public void Nothing_goes_wrong_with_a_layer(string? apart)
    {
        ProtocolPlan? plan = apart switch
        {
            "upgrades" => ProtocolPlan.Upgrading,
            "half-closes" => ProtocolPlan.HalfClosing,
            _ => null,
        };
        long accepts = 0;
        for (ulong seed = 0; seed < 3_000; seed++)
        {
            accepts += Simulator.Run(seed, plan: plan, layers: true).Accepts;
        }

        TestContext.Out.WriteLine($"{accepts:N0} connections");
        Assert.That(accepts, Is.GreaterThan(3_000), "next to no connection is set up");
    }

    [Test]
    public void A_seed_with_a_layer_means_the_same_every_time()
    {
        for (ulong seed = 0; seed < 100; seed++)
        {
            SimulationResult first = Simulator.Run(seed, plan: ProtocolPlan.Upgrading, layers: true);
            SimulationResult second = Simulator.Run(seed, plan: ProtocolPlan.Upgrading, layers: true);
            Assert.That(second, Is.EqualTo(first), $"seed {seed}");
        }
    }

    [TestCaseSource(typeof(RegressionSeeds), nameof(RegressionSeeds.Layered))]
    public void Nothing_goes_wrong_again_under_a_layer_with(ulong seed)
    {
        Simulator.Run(seed, layers: true);
        Simulator.Run(seed, plan: ProtocolPlan.Upgrading, layers: true);
        Simulator.Run(seed, plan: ProtocolPlan.HalfClosing, layers: true);
    }

    [TestCaseSource(nameof(Regressions))]
    public void Nothing_goes_wrong_again_with(ulong seed) => Simulator.Run(seed);

    // The same run again and again, in which the system refuses the first request for memory, the second, ...
    [Test]
    public void No_refusal_of_memory_costs_more_than_a_connection()
    {
        int refusals = 0;
        for (ulong seed = 0; seed < 1_000; seed++)
        {
            int requests = Simulator.Run(seed).MemoryRequests;
            for (int request = 0; request < Math.Min(requests, 30); request++)
            {
                Simulator.Run(seed, refusedRequest: request);
                refusals++;
            }
        }

        Assert.That(refusals, Is.GreaterThan(1_000), "the seeds ask for next to nothing");
    }

    [Test]
    public void A_seed_means_the_same_every_time()
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            SimulationResult first = Simulator.Run(seed);
            Assert.That(Simulator.Run(seed), Is.EqualTo(first), $"seed {seed}");
        }
    }

    [Test]
    public void Protocol_does_the_same_alone_and_as_one_of_two([Values] bool isSecond)
    {
        Pairing pairing = isSecond ? Pairing.Second : Pairing.First;
        for (ulong seed = 0; seed < 2_000; seed++)
        {
            SimulationResult alone = Simulator.Run(seed);
            Assert.That(Simulator.Run(seed, pairing: pairing), Is.EqualTo(alone), $"seed {seed}");
        }
    }

    [Test]
    public void Reading_the_trace_changes_nothing()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            var trace = new StringWriter();
            SimulationResult traced = Simulator.Run(seed, trace);
            Assert.That(Simulator.Run(seed), Is.EqualTo(traced), $"seed {seed}");
            Assert.That(trace.ToString(), Is.Not.Empty);
        }
    }
}
