using System.Net.Sockets;

namespace Gain.Tests.Server.Datagrams;

/// <summary>How many sockets are dialled, and that nothing of them stays.</summary>
public class DatagramDialLimitTests(GainRing ring) : DatagramDialTest(ring)
{
    private static GainOptions Most(int most, int workers = 1) => new()
    {
        WorkerCount = workers,
        Datagrams = { MaxDialledPerWorker = most },
    };

    [Test]
    public async Task Beyond_the_limit_DialDatagramAsync_fails_until_one_has_ended()
    {
        var journal = new Journal();
        Socket peer = Peer();
        GainClient<Dialled> client = Client(new Dialled(journal), options: Most(2));
        DatagramHandle first = await client.DialDatagramAsync(TargetOf(peer));
        await client.DialDatagramAsync(TargetOf(peer));
        var refused = Assert.ThrowsAsync<GainException>(
            async () => await client.DialDatagramAsync(TargetOf(peer)).WaitAsync(Clients.Patience))!;
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.LimitReached));
        Assert.That(refused.Message, Does.Contain("GainOptions.Datagrams.MaxDialledPerWorker"));
        Assert.That(client.Server.Statistics.DialledDatagramSockets, Is.EqualTo(2));
        Assert.That(first.TryClose());
        await journal.AwaitAsync(1);
        Assert.That(client.Server.Statistics.DialledDatagramSockets, Is.EqualTo(1));
        DatagramHandle next = await client.DialDatagramAsync(TargetOf(peer));
        Assert.That(next, Is.Not.EqualTo(first), "it has the same place, and another generation");
        Assert.That((first.IsOpen, next.IsOpen), Is.EqualTo((false, true)));
        Assert.That(first.TrySend("x"u8, out DatagramFailure failure), Is.False);
        Assert.That(failure, Is.EqualTo(DatagramFailure.Closed));
    }

    [Test]
    public async Task Worker_at_its_limit_passes_a_dial_on_to_the_next()
    {
        Socket peer = Peer();
        GainClient<Dialled> client = Client(new Dialled(new Journal()), options: Most(2, workers: 3));
        for (int i = 0; i < 6; i++)
        {
            await client.DialDatagramAsync(TargetOf(peer)).WaitAsync(Clients.Patience);
        }

        Assert.ThrowsAsync<GainException>(
            async () => await client.DialDatagramAsync(TargetOf(peer)).WaitAsync(Clients.Patience));
    }

    [Test]
    public async Task Callback_at_the_limit_is_told()
    {
        var journal = new Journal();
        Socket peer = Peer();
        GainServer server = Start(
            GainServer
                .Listen(new DatagramDialler(journal, TargetOf(peer)), "udp://127.0.0.1:0")
                .Dial(new Dialled(journal)),
            Most(1));
        Socket client = Connect(server);
        client.Send("1"u8);
        await journal.AwaitAsync(1);
        client.Send("2"u8);
        string[] entries = await journal.AwaitAsync(3);
        Assert.That(entries[..2], Is.EqualTo(new[] { "begun True", "at the limit" }));
        Assert.That(entries[2], Does.Contain("GainOptions.Datagrams.MaxDialledPerWorker"));
    }

    [Test]
    public async Task Place_of_what_has_ended_is_free_for_who_is_told_of_it_and_nothing_is_allocated()
    {
        // As for dials of connections: one object a dial would be 480 kB.
        await AllocatedByAsync(20_000);
        Assert.That(await AllocatedByAsync(20_000), Is.LessThan(100_000));
    }

    private async Task<long> AllocatedByAsync(int dials)
    {
        var journal = new Journal();
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        peer.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        var prototype = new DatagramRedialler(TargetOf(peer), dials, journal);
        GainClient<DatagramRedialler> client = Client(prototype, options: Most(1));
        int socketsBefore = Descriptors.Sockets();
        DatagramHandle first = await client.DialDatagramAsync(prototype, TargetOf(peer));
        Assert.That(first.TrySend("again"u8));
        byte[] buffer = new byte[10];
        for (int i = 0; i <= dials; i++)
        {
            // What it said first, and its answer, which leaves before its end.
            var from = (System.Net.IPEndPoint)(await HearAsync(peer)).From;
            peer.SendTo(buffer, from);
            await HearAsync(peer);
        }

        Assert.That(await journal.AwaitAsync(1), Is.EqualTo(new[] { "Local" }));
        await client.DisposeAsync().AsTask().WaitAsync(Clients.Patience);
        Assert.That(client.Server.Statistics.DatagramsOut, Is.EqualTo(2 * (dials + 1)));
        Assert.That(Descriptors.Sockets(), Is.EqualTo(socketsBefore));
        return client.Server.Statistics.AllocatedBytes;
    }
}
