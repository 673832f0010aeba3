namespace Gain.Tests.Server.Dialling;

/// <summary>Dialling in a callback costs no object.</summary>
public class DialAllocationTests(GainRing ring) : ServerTest(ring)
{
    private const int Dials = 10_000;

    private protected override string Address => $"unix://@gain-{Guid.NewGuid():N}";

    [Test]
    public async Task Ten_thousand_dials_allocate_nothing_on_the_worker()
    {
        // As for posts: the JIT compiler allocates some kilobytes at moments of its own, and one object a
        // dial would be 240 kB.
        await AllocatedByAsync();
        Assert.That(await AllocatedByAsync(), Is.LessThan(100_000));
    }

    private async Task<long> AllocatedByAsync()
    {
        GainServer server = Start(new EchoProtocol(), new GainOptions { WorkerCount = 1 });
        DialTarget target = DialTarget.Parse(server.Addresses[0]);
        var ended = new TaskCompletionSource();
        var prototype = new Redialler(target, Dials, ended);
        GainServer dialler = Start(
            GainServer.Listen(prototype, Address).Dial(prototype), new GainOptions { WorkerCount = 1 });
        await dialler.DialAsync(prototype, target).WaitAsync(Clients.Patience);
        await ended.Task.WaitAsync(Clients.Patience);
        await dialler.StopAsync().WaitAsync(Clients.Patience);
        Assert.That(dialler.Statistics.Connected, Is.EqualTo(Dials + 1));
        return dialler.Statistics.AllocatedBytes;
    }
}
