namespace Gain.Tests.Server.Dialling;

/// <summary>A client of <see cref="Upstream"/>s; at its end nothing is left open.</summary>
internal sealed class DiallingClient : IAsyncDisposable
{
    public DiallingClient(GainRing ring, DialOptions? options)
    {
        Journal = new Journal();
        Dialler = GainClient.Start(
            new Upstream(Journal), options, new GainOptions { Ring = ring, WorkerCount = 1 });
    }

    public Journal Journal { get; }

    public GainClient<Upstream> Dialler { get; }

    /// <summary>Waits until a socket is there, which is so from the begin of a dial on.</summary>
    public async Task AwaitSocketAsync()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (Dialler.Server.ConnectionsPerWorker.Sum() == 0)
        {
            Assert.That(clock.Elapsed, Is.LessThan(Clients.Patience), "no dial began");
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Dialler.DisposeAsync().AsTask().WaitAsync(Clients.Patience);
        GainStatistics statistics = Dialler.Server.Statistics;
        Assert.That(statistics.Closed, Is.EqualTo(statistics.Connected), "OnClose once for each OnConnect");
        Assert.That(Dialler.Server.ConnectionsPerWorker, Has.All.Zero, "sockets past the stop");
        Assert.That(Dialler.Server.ActiveConnections, Is.Zero, "connections past the stop");
    }
}
