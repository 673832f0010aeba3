using System.Net.Sockets;

namespace Gain.Tests.Server.Overload;

/// <summary>Clients that together want more memory than the server may hold for them.</summary>
public class MemoryLimitTests(GainRing ring) : ServerTest(ring)
{
    private const int Hoarders = 100;
    private const int LeastBufferedBytes = 4 << 20;

    [Test]
    public async Task Clients_that_hold_all_of_it_are_closed_one_by_one_and_the_server_goes_on()
    {
        var journal = new Journal();
        GainServer server = StartSmall(journal);
        List<Socket> hoarders = await HoardAsync(server, journal);
        await Task.WhenAll(hoarders.Select(hoarder => TrySendAsync(hoarder, 20_000)));

        using Socket modest = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(modest, "mod"u8.ToArray());
        await Clients.SendAllAsync(modest, "est\n"u8.ToArray());
        Assert.That(await Clients.ReceiveExactlyAsync(modest, 7), Is.EqualTo("modest\n"u8.ToArray()));
        Assert.That(server.IsRunning);
        string[] closes = [.. journal.Entries.Where(entry => entry.StartsWith("close"))];
        Assert.That(closes, Is.Not.Empty.And.All.EqualTo($"close {nameof(CloseReason.InboundLimit)}"));
        Assert.That(server.Statistics.BudgetRefusals, Is.EqualTo(closes.Length));
        Assert.That(server.Statistics.BufferedBytes, Is.AtMost(LeastBufferedBytes));
        hoarders.ForEach(hoarder => hoarder.Dispose());
    }

    [Test]
    public async Task Those_that_hold_much_give_way_to_those_that_hold_little()
    {
        var journal = new Journal();
        GainServer server = StartSmall(journal);
        List<Socket> hoarders = await HoardAsync(server, journal);
        int before = journal.Entries.Count(entry => entry.StartsWith("close"));
        var modest = new List<Socket>();
        for (int i = 0; i < 40; i++)
        {
            int read = CountReads(journal);
            Socket client = await Clients.ConnectAsync(server);
            modest.Add(client);
            await Clients.SendAllAsync(client, new byte[3_000]);
            await journal.AwaitAsync(entry => entry.StartsWith("read"), read + 1);
        }

        foreach (Socket client in modest)
        {
            await Clients.SendAllAsync(client, "\n"u8.ToArray());
            Assert.That(await Clients.ReceiveExactlyAsync(client, 3_001), Has.Length.EqualTo(3_001));
            client.Dispose();
        }

        string[] closes = [.. journal.Entries.Where(entry => entry.StartsWith("close"))];
        Assert.That(closes, Has.Length.GreaterThan(before), "nobody gave way");
        Assert.That(
            closes.Where(close => close != $"close {nameof(CloseReason.PeerClosed)}"),
            Is.All.EqualTo($"close {nameof(CloseReason.InboundLimit)}"));
        hoarders.ForEach(hoarder => hoarder.Dispose());
    }

    private GainServer StartSmall(Journal journal) => Start(
        new HoardingProtocol(journal),
        new GainOptions
        {
            WorkerCount = 1,
            Limits = { MaxBufferedBytes = LeastBufferedBytes, MaxUnconsumedBytes = 1 << 20 },
        });

    // Until the server has said of each that it holds what it was sent, or has closed it.
    private static async Task<List<Socket>> HoardAsync(GainServer server, Journal journal)
    {
        var hoarders = new List<Socket>();
        for (int i = 0; i < Hoarders; i++)
        {
            Socket hoarder = await Clients.ConnectAsync(server);
            hoarders.Add(hoarder);
            await TrySendAsync(hoarder, 40_000);
        }

        await journal.AwaitAsync(entry => entry is "read 40000" || entry.StartsWith("close"), Hoarders);
        return hoarders;
    }

    private static int CountReads(Journal journal) =>
        journal.Entries.Count(entry => entry.StartsWith("read"));

    private static async Task TrySendAsync(Socket socket, int bytes)
    {
        try
        {
            await Clients.SendAllAsync(socket, new byte[bytes]);
        }
        catch (SocketException closed) when (
            closed.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            // The server was faster.
        }
    }
}

/// <summary>Echoes what ends with a newline, and keeps everything until then.</summary>
[GainProtocol]
internal readonly partial struct HoardingProtocol(Journal journal)
{
    private int OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        journal.Add($"read {data.Length}");
        if (data[^1] != (byte)'\n')
        {
            return 0;
        }

        connection.Send(data);
        return data.Length;
    }

    private void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}
