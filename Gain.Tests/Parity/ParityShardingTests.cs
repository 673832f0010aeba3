using Gain.Tests.Server;

namespace Gain.Tests.Parity;

/// <summary>What the original's tests ask of sharding alone: 8 workers, 16 clients.</summary>
public sealed class ParityShardingTests(GainRing ring) : ServerTest(ring)
{
    // Machines with fewer CPUs have several workers on each.
    [Test]
    public async Task Many_clients_are_served_with_affinity() =>
        await ServeAsync(new GainOptions { Workers = 8, CpuAffinity = true });

    private async Task ServeAsync(GainOptions options)
    {
        const int clients = 16;
        var script = Script.Echo(isAsync: false);
        GainServer server = Start(new ScriptedProtocol(script), options);
        int[] counts = await Exchanges.RunAsync(server, script, clients);

        Assert.That(counts, Is.EqualTo(Exchanges.CountsOf(clients)));
    }
}
