using Gain.Sockets;
using Gain.Tests.Server;
using Gain.Workers;

namespace Gain.Tests.Workers;

/// <summary>How many addresses a server has, and how many ways to dial.</summary>
[Parallelizable]
public sealed class ListenPlanTests
{
    private const int Most = ListenPlan<EchoProtocol>.MaxAddresses;

    [Test]
    public void A_way_to_dial_has_the_place_of_one_address()
    {
        ListenPlan<EchoProtocol> plan = PlanOf(Most - 1).WithDial(new EchoProtocol(), new DialOptions());
        Assert.That(plan.Served(), Has.Length.EqualTo(Most - 1));
        var refused = Assert.Throws<GainException>(
            () => PlanOf(Most).WithDial(new EchoProtocol(), new DialOptions()))!;
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.OptionInvalid));
        Assert.That(refused.Message, Does.Contain($"{Most + 1}").And.Contain($"at most {Most}"));
    }

    private static ListenPlan<EchoProtocol> PlanOf(int addresses) => ListenPlan<EchoProtocol>.Of(
        new EchoProtocol(),
        [.. Enumerable.Range(1, addresses).Select(i => ServerAddress.Parse($"tcp://127.0.0.1:{i}"))]);
}
