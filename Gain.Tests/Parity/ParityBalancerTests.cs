using System.Net;
using Gain.Tests.Server;

namespace Gain.Tests.Parity;

/// <summary>Which of four workers the original's balancers pick.</summary>
public sealed class ParityBalancerTests
{
    [Test]
    public void Round_robin_goes_from_worker_to_worker_and_begins_again()
    {
        var balancer = new RoundRobinBalancer();
        int[] loads = new int[4];
        int[] picked = [.. Enumerable.Range(0, 8).Select(_ => PickAndLoad(ref balancer, default, loads))];

        Assert.That(picked, Is.EqualTo(new[] { 0, 1, 2, 3, 0, 1, 2, 3 }));
    }

    [Test]
    public void Least_connections_takes_the_fewest_and_of_several_the_lowest()
    {
        var balancer = new LeastConnectionsBalancer();
        int[] loads = [1, 0, 2, 1];
        int[] picked = [.. Enumerable.Range(0, 8).Select(_ => PickAndLoad(ref balancer, default, loads))];

        Assert.That(picked, Is.EqualTo(new[] { 1, 0, 1, 3, 0, 1, 2, 3 }));
        Assert.That(loads, Is.EqualTo(new[] { 3, 3, 3, 3 }));
    }

    // The original's addresses; which worker an address has is the balancer's own affair.
    [Test]
    public void Source_IP_hash_is_the_same_for_an_address_whatever_its_port()
    {
        string[] peers =
        [
            "10.3.2.1:1234", "10.123.5.1:51234", "10.123.5.31:52354", "192.123.19.1:1234", "[2001:db8::1]:80",
        ];
        var balancer = new SourceIPHashBalancer();
        int[] loads = [1, 0, 2, 1];
        foreach (string peer in peers)
        {
            IPEndPoint endPoint = IPEndPoint.Parse(peer);
            int first = PickAndLoad(ref balancer, GainAddress.FromIPEndPoint(endPoint), loads);
            Assert.That(first, Is.InRange(0, 3));
            foreach (int port in new[] { endPoint.Port, 1, 65_535 })
            {
                endPoint.Port = port;
                int again = PickAndLoad(ref balancer, GainAddress.FromIPEndPoint(endPoint), loads);
                Assert.That(again, Is.EqualTo(first), $"{endPoint}");
            }

            IPAddress mapped = endPoint.Address.MapToIPv6();
            int same = PickAndLoad(
                ref balancer, GainAddress.FromIPEndPoint(new IPEndPoint(mapped, endPoint.Port)), loads);
            Assert.That(same, Is.EqualTo(first), $"{mapped}");
        }
    }

    [Test]
    public void Balancing_that_there_is_not_is_refused()
    {
        var options = new GainOptions
        {
            Architecture = GainArchitecture.Reactor, Balancing = (GainBalancing)10,
        };
        GainException refused = Assert.Throws<GainException>(
            () => GainServer.Start(new EchoProtocol(), "tcp://127.0.0.1:0", options))!;

        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.OptionInvalid));
        Assert.That(
            refused.Message, Does.Contain("10").And.Contain("RoundRobin, LeastConnections, SourceIPHash"));
    }

    private static int PickAndLoad<TBalancer>(ref TBalancer balancer, GainAddress peer, int[] loads)
        where TBalancer : struct, IBalancer
    {
        int picked = balancer.Pick(peer, new WorkerLoads(loads));
        loads[picked]++;
        return picked;
    }
}
