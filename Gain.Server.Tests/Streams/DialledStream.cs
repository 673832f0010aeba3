namespace Gain.Tests.Server.Streams;

/// <summary>A client whose connections are streams of the test's; at its end nothing is left open.</summary>
internal sealed class DialledStream : IAsyncDisposable
{
    private readonly StreamLoan _loan;
    private readonly GainClient<StreamLender> _client;

    public DialledStream(GainRing ring, StreamLoan loan, Journal journal)
    {
        _loan = loan;
        _client = GainClient.Start(
            new StreamLender(loan, journal), null, new GainOptions { Ring = ring, WorkerCount = 1 });
    }

    public async Task<Stream> DialAsync(DialTarget target)
    {
        _ = await _client.DialAsync(target).WaitAsync(Clients.Patience);
        return (await _loan.TakeAsync()).Stream;
    }

    public async ValueTask DisposeAsync()
    {
        _loan.Return();
        await _client.DisposeAsync().AsTask().WaitAsync(Clients.Patience);
        Assert.That(_client.Server.ActiveConnections, Is.Zero, "connections past the stop");
    }
}
