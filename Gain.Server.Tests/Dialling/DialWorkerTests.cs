using System.Net;
using System.Net.Sockets;
using static Gain.Tests.Server.Upstreams;

namespace Gain.Tests.Server.Dialling;

/// <summary>What connections that go out share with those that come in: handles, messages, workers.</summary>
public class DialWorkerTests(GainRing ring) : ServerTest(ring)
{
    // What a stale handle names is gone, also when another connection has its slot.
    [Test]
    public async Task Slot_that_was_used_again_is_not_borrowed()
    {
        var journal = new Journal();
        using Socket listener = Listen();
        var prototype = new Borrower(
            journal, DialTarget.FromIPEndPoint((IPEndPoint)listener.LocalEndPoint!));
        GainServer server = Start(
            GainServer.Listen(prototype, "tcp://127.0.0.1:0").Dial(prototype),
            new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        Socket upstream = await listener.AcceptAsync().WaitAsync(Clients.Patience);
        upstream.Dispose();
        await journal.AwaitAsync(1);
        await AwaitLoadAsync(server, 1);

        // The newcomer takes the slot that was freed last, and its dial another one.
        using Socket newcomer = await Clients.ConnectAsync(server);
        using Socket other = await listener.AcceptAsync().WaitAsync(Clients.Patience);
        await AwaitLoadAsync(server, 3);
        await Clients.SendAllAsync(client, "ping"u8.ToArray());
        Assert.That((await journal.AwaitAsync(2))[1], Is.EqualTo("the other is gone"));
        await Clients.SendAllAsync(newcomer, "pong"u8.ToArray());
        Assert.That(await Clients.ReceiveExactlyAsync(other, 4), Is.EqualTo("pong"u8.ToArray()));
        Assert.That(newcomer.Available, Is.Zero, "bytes of another connection");
    }

    // The listener's protocol has none of it: both are of the second part of the pair.
    [Test]
    public async Task Dialled_connection_gets_messages_and_the_state_of_its_worker()
    {
        var journal = new Journal();
        using Socket listener = Listen();
        GainServer server = Start(
            GainServer.Listen(new EchoProtocol(), "tcp://127.0.0.1:0").Dial(new Counting(journal)),
            new GainOptions { WorkerCount = 1 });
        DialTarget target = DialTarget.FromIPEndPoint((IPEndPoint)listener.LocalEndPoint!);
        for (int i = 1; i <= 2; i++)
        {
            ConnectionHandle handle =
                await server.DialAsync(new Counting(journal), target).WaitAsync(Clients.Patience);
            Assert.That(handle.TryPost(10 * i));
            await journal.AwaitAsync(i);
        }

        Assert.That(journal.Entries, Is.EqualTo(new[] { "message 10 of 1", "message 20 of 2" }));
    }
}
