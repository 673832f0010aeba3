using Gain.Tests.Server;

namespace Gain.Tests.Parity;

/// <summary>What the original's tests ask of the reactor alone: 8 workers, 16 clients.</summary>
public sealed class ParityReactorTests(GainRing ring) : ServerTest(ring)
{
    [Test]
    public async Task Many_clients_are_served_with_each_balancing([Values] GainBalancing balancing)
    {
        const int clients = 16;
        const int workers = 8;
        int[] accepted = new int[workers];
        var script = new Script
        {
            OnAccept = connection => Interlocked.Increment(ref accepted[connection.WorkerIndex]),
            OnRead = static (connection, data) => connection.Send(data),
        };
        GainServer server = Start(
            new ScriptedProtocol(script),
            new GainOptions
            {
                WorkerCount = workers,
                Architecture = GainArchitecture.Reactor,
                Balancing = balancing,
            });
        int[] counts = await Exchanges.RunAsync(server, script, clients);

        Assert.That(counts, Is.EqualTo(Exchanges.CountsOf(clients)));
        Assert.That(accepted.Sum(), Is.EqualTo(clients));
        if (balancing == GainBalancing.RoundRobin)
        {
            Assert.That(accepted, Is.All.EqualTo(clients / workers));
        }
        else if (balancing == GainBalancing.SourceIPHash)
        {
            Assert.That(accepted, Has.One.EqualTo(clients), "they all have one address");
        }
    }
}
