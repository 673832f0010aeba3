using System.Net.Sockets;
using System.Text;

namespace Gain.Tests.Server.Datagrams;

/// <summary>Several datagrams at once, to and from the kernel: nobody sees a difference.</summary>
public class DatagramOffloadTests(GainRing ring) : DatagramServerTest(ring)
{
    private const int UdpSegment = 103;
    private const int UdpGro = 104;

    [TestCase(true, 10, 100)]
    [TestCase(false, 10, 100)]
    [TestCase(true, 100, 1_000)]
    [TestCase(true, 200, 1)]
    [TestCase(true, 64, 1_023)]
    [TestCase(true, 4, 40_000)]
    public async Task Many_answers_to_one_peer_arrive_each_by_itself(bool joins, int count, int length)
    {
        GainServer server = Start(
            new DatagramSource(), new GainOptions { WorkerCount = 1, Datagrams = { SendOffload = joins } });
        Socket client = Connect(server);
        client.ReceiveBufferSize = 8 << 20;
        await client.SendAsync(Encoding.ASCII.GetBytes($"{count} {length}"));
        for (int i = 0; i < count; i++)
        {
            byte[] expected = new byte[length];
            expected.AsSpan().Fill((byte)i);
            Assert.That(await ReceiveAsync(client), Is.EqualTo(expected), $"answer {i}");
        }

        Assert.That(Encoding.ASCII.GetString(await ReceiveAsync(client)), Is.EqualTo("refused 0"));
        await server.StopAsync();
        Assert.That(server.Statistics.DatagramsOut, Is.EqualTo(count + 1));
        Assert.That(server.Statistics.BytesOut, Is.EqualTo((count * length) + "refused 0".Length));
    }

    [Test]
    public async Task A_run_of_answers_reaches_a_peer_that_takes_runs_as_one()
    {
        GainServer server = Start(new DatagramSource(), new GainOptions { WorkerCount = 1 });
        Socket client = Connect(server);
        RequireOption(client, UdpGro, 1);
        await client.SendAsync(Encoding.ASCII.GetBytes("10 100"));
        Assert.That(await ReceiveAsync(client), Has.Length.EqualTo(1_000 + "refused 0".Length));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Datagrams_that_were_joined_on_the_way_are_delivered_one_by_one(bool coalesces)
    {
        var journal = new Journal();
        GainServer server = Start(
            new DatagramJournal(journal),
            new GainOptions { WorkerCount = 1, Datagrams = { ReceiveOffload = coalesces } });
        Socket client = Connect(server);
        RequireOption(client, UdpSegment, 100);
        await client.SendAsync(new byte[1_050]);
        await UntilAsync(() => server.Statistics.DatagramsIn == 11);
        await server.StopAsync();

        IEnumerable<string> whole = Enumerable.Range(1, 10).Select(i => $"{i}: 100");
        Assert.That(journal.Entries, Is.EqualTo(["start", .. whole, "11: 50"]));
        Assert.That(server.Statistics.BytesIn, Is.EqualTo(1_050));
    }

    [Test]
    public async Task Runs_are_echoed_as_the_datagrams_that_they_are()
    {
        GainServer server = Start(new DatagramEcho(), new GainOptions { WorkerCount = 1 });
        Socket client = Connect(server);
        client.ReceiveBufferSize = 8 << 20;
        RequireOption(client, UdpSegment, 1_000);
        byte[] sent = Clients.Pattern(60_500, 5);
        await client.SendAsync(sent);
        for (int from = 0; from < sent.Length; from += 1_000)
        {
            byte[] expected = sent[from..Math.Min(sent.Length, from + 1_000)];
            Assert.That(await ReceiveAsync(client), Is.EqualTo(expected), $"at {from}");
        }
    }

    [Test]
    public async Task A_fault_in_one_of_several_that_came_together_leaves_the_others()
    {
        GainServer server = Start(new FaultyDatagrams(), new GainOptions { WorkerCount = 1 });
        Socket client = Connect(server);
        RequireOption(client, UdpSegment, 5);
        await client.SendAsync("firstthrowthirdthrow"u8.ToArray());
        foreach (string expected in new[] { "first", "throw", "third", "throw" })
        {
            Assert.That(Encoding.ASCII.GetString(await ReceiveAsync(client)), Is.EqualTo(expected));
        }

        await server.StopAsync();
        Assert.That(server.Statistics.HandlerFaults, Is.EqualTo(2));
        Assert.That(server.Statistics.DatagramsIn, Is.EqualTo(4));
    }

    private static void RequireOption(Socket client, int option, int value)
    {
        try
        {
            client.SetRawSocketOption((int)SocketOptionLevel.Udp, option, BitConverter.GetBytes(value));
        }
        catch (SocketException refused)
        {
            Assert.Ignore($"The kernel has no UDP option {option}: {refused.Message}");
        }
    }
}
