using System.Net.Sockets;

namespace Gain.Tests.Server;

public class EchoTests(GainRing ring) : ServerTest(ring)
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(100)]
    [TestCase(4_096)]
    [TestCase(16_383)]
    [TestCase(16_384)]
    [TestCase(16_385)]
    [TestCase(65_536)]
    [TestCase(1_000_003)]
    [TestCase(8 << 20)]
    public async Task Every_byte_comes_back(int length)
    {
        GainServer server = Start(new EchoProtocol());
        using Socket client = await Clients.ConnectAsync(server);
        byte[] sent = Clients.Pattern(length, length);

        Task sending = Clients.SendAllAsync(client, sent);
        byte[] received = await Clients.ReceiveExactlyAsync(client, length);
        await sending;

        Assert.That(received, Is.EqualTo(sent));
    }

    [Test]
    public async Task Byte_by_byte_comes_back()
    {
        GainServer server = Start(new EchoProtocol());
        using Socket client = await Clients.ConnectAsync(server);
        byte[] sent = Clients.Pattern(300, 7);
        for (int i = 0; i < sent.Length; i++)
        {
            await Clients.SendAllAsync(client, sent.AsMemory(i, 1));
            Assert.That((await Clients.ReceiveExactlyAsync(client, 1))[0], Is.EqualTo(sent[i]));
        }
    }

    [Test]
    public async Task Data_and_FIN_together_are_answered_in_full_before_the_close()
    {
        var journal = new Journal();
        GainServer server = Start(new JournalingEcho(journal));
        using Socket client = await Clients.ConnectAsync(server);
        byte[] sent = Clients.Pattern(3_000_000, 11);

        Task sending = SendAndFinishAsync(client, sent);
        byte[] received = await Clients.ReceiveToEndAsync(client);
        await sending;

        Assert.That(received, Is.EqualTo(sent));
        await server.StopAsync();
        Assert.That(journal.Entries[^1], Is.EqualTo("close PeerClosed"));
    }

    [Test]
    public async Task Many_connections_echo_at_once()
    {
        GainServer server = Start(new EchoProtocol());
        const int Count = 2_000;
        var clients = new Socket[Count];
        for (int i = 0; i < Count; i++)
        {
            clients[i] = await Clients.ConnectAsync(server);
        }

        await Task.WhenAll(clients.Select((client, i) => EchoOnceAsync(client, i)));
        Assert.That(server.ActiveConnections, Is.EqualTo(Count));

        foreach (Socket client in clients)
        {
            client.Dispose();
        }
    }

    private static async Task EchoOnceAsync(Socket client, int seed)
    {
        byte[] sent = Clients.Pattern(500, seed);
        await Clients.SendAllAsync(client, sent);
        Assert.That(await Clients.ReceiveExactlyAsync(client, sent.Length), Is.EqualTo(sent));
    }

    private static async Task SendAndFinishAsync(Socket client, byte[] data)
    {
        await Clients.SendAllAsync(client, data);
        client.Shutdown(SocketShutdown.Send);
    }
}
