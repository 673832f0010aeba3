using System.Net.Sockets;

namespace Gain.Tests.Server.Datagrams;

/// <summary>What is sent comes back, whole and once.</summary>
public class DatagramEchoTests(GainRing ring) : DatagramServerTest(ring)
{
    [TestCase(1, 1)]
    [TestCase(1, 8)]
    [TestCase(8, 16)]
    public async Task Clients_get_their_own_datagrams_back(int workers, int clients)
    {
        GainServer server = Start(new DatagramEcho(), new GainOptions { WorkerCount = workers });
        await Task.WhenAll(Enumerable.Range(0, clients).Select(async i =>
        {
            Socket client = Connect(server);
            for (int round = 0; round < 20; round++)
            {
                byte[] sent = Clients.Pattern(100 + i, (i * 100) + round);
                Assert.That(await AskAsync(client, sent), Is.EqualTo(sent));
            }
        }));

        Assert.That(server.ActiveConnections, Is.Zero);
        await server.StopAsync();
        Assert.That(server.Statistics.DatagramsIn, Is.EqualTo(20 * clients));
        Assert.That(server.Statistics.DatagramsOut, Is.EqualTo(20 * clients));
        Assert.That(server.Statistics.Callbacks, Is.EqualTo(20 * clients));
    }

    [Test]
    public async Task A_thousand_datagrams_come_back_in_order()
    {
        GainServer server = Start(new DatagramEcho(), new GainOptions { WorkerCount = 1 });
        Socket client = Connect(server);
        const int window = 50;
        for (int i = 0; i < 1_000; i += window)
        {
            for (int j = i; j < i + window; j++)
            {
                await client.SendAsync(Clients.Pattern(128, j));
            }

            for (int j = i; j < i + window; j++)
            {
                Assert.That(await ReceiveAsync(client), Is.EqualTo(Clients.Pattern(128, j)));
            }
        }
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(1_472)]
    [TestCase(65_506)]
    [TestCase(65_507)]
    public async Task Every_length_comes_back(int length)
    {
        GainServer server = Start(new DatagramEcho());
        Socket client = Connect(server);
        for (int i = 0; i < 5; i++)
        {
            byte[] sent = Clients.Pattern(length, i);
            Assert.That(await AskAsync(client, sent), Is.EqualTo(sent));
        }
    }

    [Test]
    public async Task Datagrams_of_no_bytes_come_between_others()
    {
        GainServer server = Start(new DatagramEcho(), new GainOptions { WorkerCount = 1 });
        Socket client = Connect(server);
        int[] lengths = [3, 0, 0, 5, 0, 1];
        foreach (int length in lengths)
        {
            await client.SendAsync(new byte[length]);
        }

        foreach (int length in lengths)
        {
            Assert.That(await ReceiveAsync(client), Has.Length.EqualTo(length));
        }
    }

    [Test]
    public async Task More_datagrams_than_buffers_are_all_answered()
    {
        GainServer server = Start(
            new DatagramEcho(), new GainOptions { WorkerCount = 1, Datagrams = { BufferCount = 2 } });
        Socket client = Connect(server);
        for (int round = 0; round < 20; round++)
        {
            for (int i = 0; i < 30; i++)
            {
                await client.SendAsync(Clients.Pattern(200, i));
            }

            for (int i = 0; i < 30; i++)
            {
                Assert.That(await ReceiveAsync(client), Is.EqualTo(Clients.Pattern(200, i)));
            }
        }
    }

    [Test]
    public async Task Half_a_megabyte_of_long_datagrams_comes_back()
    {
        GainServer server = Start(new DatagramEcho(), new GainOptions { WorkerCount = 1 });
        Socket client = Connect(server);
        client.ReceiveBufferSize = 4 << 20;
        for (int i = 0; i < 40; i++)
        {
            byte[] sent = Clients.Pattern(60_000, i);
            Assert.That(await AskAsync(client, sent), Is.EqualTo(sent));
        }
    }
}
