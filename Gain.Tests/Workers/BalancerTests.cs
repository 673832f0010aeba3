using System.Net;
using CsCheck;

namespace Gain.Tests.Workers;

/// <summary>What the balancers pick, for addresses and loads that are made up.</summary>
public class BalancerTests
{
    // The seed of the pick must never change: what workers keep of their clients is found by it.
    [TestCase("192.0.2.1", 8, 6)]
    [TestCase("192.0.2.2", 8, 5)]
    [TestCase("2001:db8::1", 8, 2)]
    public void Source_IP_hash_outlives_restarts(string address, int workers, int expected) =>
        Assert.That(Pick(IPAddress.Parse(address), 1, workers), Is.EqualTo(expected));

    [Test]
    public void Source_IP_hash_is_the_same_for_every_port_and_for_the_mapped_address() =>
        Gen.Select(Gen.UInt, Gen.Int[0, 65_535], Gen.Int[0, 65_535], Gen.Int[1, 1_024]).Sample(
            (bits, port, other, workers) =>
            {
                var address = new IPAddress(bits);
                int picked = Pick(address, port, workers);
                return picked >= 0 && picked < workers
                    && Pick(address, other, workers) == picked
                    && Pick(address.MapToIPv6(), other, workers) == picked;
            });

    [Test]
    public void Source_IP_hash_spreads_the_neighbours_in_a_network()
    {
        // The clients of one network differ in their last bits only. Each worker's share is a sum of chances:
        // within five standard deviations of its mean.
        Gen.Select(Gen.Byte.Array[16], Gen.Int[2, 64], Gen.Bool).Sample((bytes, workers, isV4) =>
        {
            const int clients = 4_096;
            int[] shares = new int[workers];
            byte[] address = isV4 ? bytes[..4] : bytes;
            for (int i = 0; i < clients; i++)
            {
                address[^1] = (byte)i;
                address[^2] = (byte)(i >> 8);
                shares[Pick(new IPAddress(address), 80, workers)]++;
            }

            double chance = 1.0 / workers;
            double deviation = Math.Sqrt(clients * chance * (1 - chance));
            return shares.All(share => Math.Abs(share - (clients * chance)) < 5 * deviation);
        });
    }

    [Test]
    public void Source_IP_hash_takes_turns_with_what_has_no_address()
    {
        var balancer = default(SourceIPHashBalancer);
        int[] picks = new int[5];
        for (int i = 0; i < picks.Length; i++)
        {
            picks[i] = balancer.Pick(GainAddress.Unix, new WorkerLoads(new int[3]));
        }

        Assert.That(picks, Is.EqualTo(new[] { 0, 1, 2, 0, 1 }));
    }

    [Test]
    public void Least_connections_is_the_lowest_of_those_with_the_fewest() =>
        Gen.Int[0, 5].Array[1, 20].Sample(loads =>
            default(LeastConnectionsBalancer).Pick(default, new WorkerLoads(loads))
            == Array.IndexOf(loads, loads.Min()));

    [Test]
    public void Round_robin_comes_to_every_worker_in_turn() =>
        Gen.Int[1, 100].Sample(workers =>
        {
            var balancer = default(RoundRobinBalancer);
            for (int i = 0; i < 3 * workers; i++)
            {
                if (balancer.Pick(default, new WorkerLoads(new int[workers])) != i % workers)
                {
                    return false;
                }
            }

            return true;
        });

    [Test]
    public void Load_of_no_worker_is_refused()
    {
        Assert.That(() => new WorkerLoads([1, 2])[2], Throws.InstanceOf<IndexOutOfRangeException>());
        Assert.That(() => new WorkerLoads([1, 2])[-1], Throws.InstanceOf<IndexOutOfRangeException>());
    }

    [TestCase(GainArchitecture.Sharding, GainBalancing.RoundRobin, "Architecture is Sharding", "Reactor")]
    [TestCase(
        GainArchitecture.Reactor, GainBalancing.LeastConnections, "Balancing is LeastConnections", "default")]
    public void Balancer_beside_options_that_say_otherwise_is_refused(
        GainArchitecture architecture, GainBalancing balancing, string what, string way)
    {
        var options = new GainOptions { Architecture = architecture, Balancing = balancing };
        GainException refused = Assert.Throws<GainException>(
            () => GainServer.Listen(new Server.EchoProtocol(), "tcp://127.0.0.1:0")
                .Start(options, default(RoundRobinBalancer)))!;
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.OptionInvalid));
        Assert.That(refused.Message, Does.Contain(what).And.Contain(way).And.Contain("RoundRobinBalancer"));
    }

    private static int Pick(IPAddress address, int port, int workers) =>
        default(SourceIPHashBalancer).Pick(
            GainAddress.FromIPEndPoint(new IPEndPoint(address, port)), new WorkerLoads(new int[workers]));
}
