using System.Net;

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
        GainServer server = Start(new EchoProtocol(), new GainOptions { WorkerCount = 1 });
        DialTarget target = DialTarget.Parse(server.Addresses[0]);
        await AllocatedByAsync(target, new DialOptions());
        Assert.That(await AllocatedByAsync(target, new DialOptions()), Is.LessThan(100_000));
    }

    [Test]
    public async Task Ten_thousand_dials_of_a_name_that_is_known_allocate_nothing_on_the_worker()
    {
        GainServer server = Start(
            GainServer.Listen(new EchoProtocol(), "tcp://127.0.0.1:0"), new GainOptions { WorkerCount = 1 });
        DialTarget target = DialTarget.Parse($"tcp://known.test:{server.EndPoints[0].Port}");
        IPAddress[] loopback = [IPAddress.Loopback];

        // A reset leaves no port behind that would have to wait.
        var options = new DialOptions
        {
            NameLifetime = Timeout.InfiniteTimeSpan,
            Resolver = _ => Task.FromResult(loopback),
            Sockets = new SocketSettings { ResetOnClose = true },
        };
        await AllocatedByAsync(target, options);
        Assert.That(await AllocatedByAsync(target, options), Is.LessThan(100_000));
    }

    private async Task<long> AllocatedByAsync(DialTarget target, DialOptions options)
    {
        var ended = new TaskCompletionSource();
        var prototype = new Redialler(target, Dials, ended);
        GainServer dialler = Start(
            GainServer.Listen(prototype, Address).Dial(prototype, options),
            new GainOptions { WorkerCount = 1 });
        await dialler.DialAsync(prototype, target).WaitAsync(Clients.Patience);
        await ended.Task.WaitAsync(Clients.Patience);
        await dialler.StopAsync().WaitAsync(Clients.Patience);
        Assert.That(dialler.Statistics.Connected, Is.EqualTo(Dials + 1));
        return dialler.Statistics.AllocatedBytes;
    }
}
